"""What complaints add to the portal: the flow, a door, messages, the inventory, reveals."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.cases.doors import register_case_door
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.cases.permissions import is_party, must_stand_aside
from portal.notifications.messages import NEWS_TEMPLATE, register_message
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.personal_data.reveals import register_revealable
from veterans.complaints import flow
from veterans.complaints.views import may_take_down
from veterans.models import Complaint

_TEXTS = {
    flow.RECEIVED: (_("Taken down"), _("%(item)s: what you said has the number %(number)s.")),
    flow.ANSWERED: (_("You have got an answer"), _("%(item)s (%(number)s): please read it.")),
}


def _may_reveal(user: Any, complaint: Complaint) -> bool:
    case = complaint.case
    return not must_stand_aside(user, case) and any(
        is_party(user, case, case.table.party(code)) for code in (flow.STATION, flow.HANDLER)
    )


def register() -> None:
    """Register once, when the application is ready."""
    flow.register()
    register_case_door(_("Take down a call"), "support_complaint_new", may_take_down)
    for code, (title, text) in _TEXTS.items():
        register_message(code, title, text, NEWS_TEMPLATE, sensitive=True)
    register_personal_fields(
        "veterans.Complaint",
        {"name": ORDINARY, "phone": ORDINARY, "words": ORDINARY},
        purpose="办理投诉和热线来电并答复本人",
        basis="个人信息保护法第十三条第一款第三项",
        retention="随案卷保管30年",
    )
    register_personal_fields(
        "veterans.SiteVisit",
        {"place": ORDINARY, "finding": ORDINARY, "visitors": ORDINARY},
        purpose="走访核查优待条件",
        basis="个人信息保护法第十三条第一款第三项",
        retention="随案卷保管30年",
    )
    register_revealable(
        Complaint,
        "phone",
        _may_reveal,
        person_of=lambda complaint: complaint.case.applicant,
        owner_of=lambda complaint: (OWNER_KIND, owner_id(complaint.case)),
        person_path="case__applicant",
    )
