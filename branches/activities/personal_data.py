"""What activities and talks keep of people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.models import Attendance, Talk
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.personal_data.my_data import Row, register_my_data

RULES = _("Working rules for Party branches (trial) of 2018, articles 11 to 19")


def _attendance(person: Any, user: Any) -> Iterable[Row]:
    if person is None:
        return
    for row in Attendance.objects.filter(person=person).select_related("activity"):
        yield {
            _("activity"): row.activity.topic,
            _("date"): row.activity.held_on,
            _("presence"): row.get_presence_display(),
            _("reason"): row.get_reason_display(),
            _("note"): row.note,
        }


def _talks(person: Any, user: Any) -> Iterable[Row]:
    """That there was a talk; its words leave the portal in no file and are read on its page."""
    if person is None:
        return
    for row in (
        Talk.objects.filter(Q(talker=person) | Q(partner=person))
        .select_related("talker", "partner")
        .defer("content", "place")
    ):
        yield {
            _("date"): row.held_on,
            _("who spoke"): row.talker.name,
            _("with whom"): row.partner.name,
        }


def register() -> None:
    """Register once, when the application is ready."""
    register_personal_fields(
        "branches.Attendance",
        {"note": ORDINARY},
        purpose=_("To know why a member could not come to an activity"),
        basis=RULES,
        retention=_("With the record of the activity, 30 years"),
    )
    register_personal_fields(
        "branches.Talk",
        {"content": ORDINARY, "place": ORDINARY},
        purpose=_("To keep what two members talked about, for them and the secretary alone"),
        basis=RULES,
        retention=_("With the handbook of the branch, 30 years"),
    )
    register_my_data("branch-attendance", _("Activities of the branch"), _attendance)
    register_my_data("branch-talks", _("Talks"), _talks)
