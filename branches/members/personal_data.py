"""What the roster keeps of people: the inventory, the own data, the export in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.members.permissions import may_keep_all
from branches.models import Membership, PartyMember, covers
from portal.personal_data.exports import register_export
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.personal_data.kinds import SensitiveKind
from portal.personal_data.my_data import register_my_data

BASIS = "个人信息保护法第十三条第一款第三项；中国共产党章程、中国共产党支部工作条例（试行）"
PURPOSE = "党员管理：名册、组织关系、表决权、学时"
RETENTION = "永久（党员名册、组织关系转接材料）"
EXPORT_HEADER = (
    *(_("Full name"), _("employee number"), _("Party branch"), _("Party group")),
    *(_("Joined on"), _("Confirmed on"), _("identity number"), _("phone")),
)


def _own(person: Any, user: Any) -> Iterable[Any]:
    found = PartyMember.objects.filter(pk=person.pk if person else 0).first()
    if found is None:
        return
    yield {
        str(_("Joined on")): found.joined_on,
        str(_("Confirmed on")): found.confirmed_on,
        str(_("probation extended to")): found.probation_until,
    }
    for row in found.memberships.select_related("branch", "group"):
        yield {
            str(_("Party branch")): row.branch.name,
            str(_("Party group")): row.group.name if row.group else "",
            str(_("valid from")): row.valid_from,
            str(_("valid to")): row.valid_to,
        }
    for bar in found.voting_bars.all():
        yield {
            str(pgettext_lazy("no vote", "reason")): str(bar.get_kind_display()),
            str(pgettext_lazy("document", "decision")): bar.document,
            str(_("valid from")): bar.valid_from,
            str(_("valid to")): bar.valid_to,
        }
    for hours in found.training.all():
        yield {
            str(pgettext_lazy("member", "day")): hours.day,
            str(_("topic")): hours.topic,
            str(pgettext_lazy("training", "hours")): str(hours.hours),
        }


def _rows(user: Any, whole_numbers: bool) -> Iterator[list[Any]]:
    rows = (
        Membership.objects.filter(covers(timezone.localdate()))
        .select_related("member__person", "branch", "group")
        .order_by("branch__path", "member__person__name", "pk")
    )
    for row in rows.iterator(chunk_size=500):
        person = row.member.person
        yield [
            person.name,
            person.employee_number or "",
            row.branch.name,
            row.group.name if row.group else "",
            str(row.member.joined_on),
            str(row.member.confirmed_on or ""),
            person.identity_number if whole_numbers else person.masked_identity_number,
            person.phone if whole_numbers else person.masked_phone,
        ]


def register() -> None:
    """Register once, when the application is ready."""
    register_personal_fields(
        "branches.VotingBar",
        {"document": ORDINARY},
        purpose=PURPOSE,
        basis=BASIS,
        retention=RETENTION,
    )
    register_personal_fields(
        "branches.PartyMember",
        {"joined_on": ORDINARY, "confirmed_on": ORDINARY},
        purpose=PURPOSE,
        basis=BASIS,
        retention=RETENTION,
    )
    register_personal_fields(
        "branches.MemberImport",
        {"content": SensitiveKind.IDENTITY},
        purpose="名册导入前的核对",
        basis=BASIS,
        retention="导入或作废后立即清空；未确认的保留七天",
    )
    register_my_data("party-member", _("Membership of the Party"), _own)
    register_export("members", _("Roster of members"), EXPORT_HEADER, _rows, may_keep_all)
