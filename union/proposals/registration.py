"""What proposals add to the portal: the flow, doors, messages, the inventory, reveals."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.cases.doors import register_case_door
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.cases.permissions import is_party, must_stand_aside
from portal.notifications.messages import register_message
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.personal_data.reveals import register_revealable
from union.models import Proposal
from union.proposals import flow, transitions
from union.proposals.effects import HELP_ASKED, MERGED_ANSWERED
from union.proposals.permissions import reads_congress
from union.proposals.states import OFFICE

_TEXTS = {
    transitions.FILED: (_("Your proposal is filed"), _("%(item)s (%(number)s) is filed.")),
    transitions.MERGED: (
        _("Your proposal was merged"),
        _("%(item)s (%(number)s) goes on within another proposal, which names you."),
    ),
    transitions.TURNED: (
        _("Your proposal is treated as an opinion"),
        _("%(item)s (%(number)s): the page says why."),
    ),
    transitions.DECLINED: (
        _("Your proposal was not filed"),
        _("%(item)s (%(number)s): the page says why."),
    ),
    transitions.ANSWERED: (
        _("Your proposal has a reply"),
        _("%(item)s (%(number)s): please read the reply and rate it."),
    ),
    HELP_ASKED: (
        _("Your unit helps with a proposal"),
        _("%(item)s (%(number)s): please write down the opinion of your unit."),
    ),
    MERGED_ANSWERED: (
        _("A proposal you support has a reply"),
        _("%(item)s (%(number)s), into which yours was merged, has a reply."),
    ),
}


def _may_reveal(user: Any, proposal: Proposal) -> bool:
    case = proposal.case
    return not must_stand_aside(user, case) and is_party(user, case, case.table.party(OFFICE))


def register() -> None:
    """Register once, when the application is ready."""
    flow.register()
    register_case_door(_("Workers' congress"), "congress", reads_congress)
    for code, (title, text) in _TEXTS.items():
        register_message(code, title, text)
    register_personal_fields(
        "union.Proposal",
        {"phone": ORDINARY},
        purpose="就提案内容与提案人联系",
        basis="个人信息保护法第十三条第一款第三项",
        retention="提案撤回时删除，其余随案卷永久保管",
    )
    register_personal_fields(
        "union.ProposalRating",
        {"words": ORDINARY},
        purpose="改进提案办理",
        basis="个人信息保护法第十三条第一款第三项",
        retention="随案卷永久保管",
    )
    register_revealable(
        Proposal,
        "phone",
        _may_reveal,
        person_of=lambda proposal: proposal.case.applicant,
        owner_of=lambda proposal: (OWNER_KIND, owner_id(proposal.case)),
        person_path="case__applicant",
    )
