"""What safety work keeps of people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import AreaHolder, Hazard, SafetyMerit, SafetyPledge
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.personal_data.my_data import Row, register_my_data

BASIS = "个人信息保护法第十三条第一款第三项；煤矿安全生产条例第三条"


def _own(person: Any, user: Any) -> Iterable[Row]:
    if person is None:
        return
    for pledge in SafetyPledge.objects.filter(person=person):
        yield {
            _("Pledge"): pledge.title,
            _("valid from"): pledge.valid_from,
            _("valid to"): pledge.valid_to,
            _("signed at"): pledge.signed_at,
            pgettext_lazy("pledge", "result"): pledge.get_result_display(),
            _("remark"): pledge.result_words,
        }
    for holder in AreaHolder.objects.filter(person=person).select_related("area"):
        yield {
            _("responsibility area"): holder.area.name,
            _("valid from"): holder.valid_from,
            _("valid to"): holder.valid_to,
        }
    for hazard in Hazard.objects.filter(found_by=person):
        yield {
            _("hazard"): hazard.number,
            _("found on"): hazard.found_on,
            _("place"): hazard.place,
        }
    for line in SafetyMerit.objects.filter(person=person):
        yield {
            pgettext_lazy("safety ledger", "kind"): line.get_kind_display(),
            _("date"): line.day,
            pgettext_lazy("safety ledger", "points"): str(line.points),
            _("amount in yuan"): str(line.amount),
            _("reason"): line.reason,
        }


def register() -> None:
    """Register once, when the application is ready."""
    register_personal_fields(
        "branches.SafetyPledge",
        {"result": ORDINARY, "result_words": ORDINARY},
        purpose="安全责任书的签订与考核",
        basis=BASIS,
        retention="30年（安全责任书）",
    )
    register_personal_fields(
        "branches.SafetyMerit",
        {"reason": ORDINARY, "amount": ORDINARY, "points": ORDINARY},
        purpose="安全奖惩台账",
        basis=BASIS,
        retention="10年（奖惩台账）",
    )
    register_my_data("safety-work", _("Safety work"), _own)
