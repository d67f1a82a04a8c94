"""Reminders of elections: six months ahead and when a term is overdue, each level once."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import RuleCode
from branches.organization.reading import Standing, standings
from portal.notifications.messages import register_message
from portal.notifications.recipients import Recipient
from portal.notifications.services import notify
from portal.organizations.models import Unit, UnitKind
from portal.roles.models import RoleAssignment

AHEAD = "branch-election-ahead"
OVERDUE = "branch-election-overdue"
#: Who is told of what: the branch prepares, and the department hears of what is overdue.
ROLES = {
    AHEAD: ("branch_secretary", "organization_member"),
    OVERDUE: ("branch_secretary", "organization_member", "party_staff"),
}


def level_of(standing: Standing) -> str:
    """Return which message a branch is due, or ""."""
    codes = {finding.code for finding in standing.findings}
    if RuleCode.OVERDUE in codes:
        return OVERDUE
    return AHEAD if RuleCode.ELECTION in codes else ""


def remind_all(today: datetime.date | None = None) -> str:
    """Tell branches whose term ends soon or has ended; every level of a term is told once."""
    day = today or timezone.localdate()
    branches = Unit.objects.filter(kind=UnitKind.PARTY_BRANCH).valid_on(day)
    roles = list(
        RoleAssignment.objects.filter(role_code__in=ROLES[OVERDUE])
        .active_on(day)
        .select_related("unit", "person")
    )
    told = 0
    for standing in standings(branches, day):
        level, term = level_of(standing), standing.term
        if not level or term is None:
            continue
        people = {
            row.person_id: row.person
            for row in roles
            if row.role_code in ROLES[level] and row.covers(standing.branch)
        }
        if not people:
            continue
        with transaction.atomic():
            notify(
                level,
                [Recipient(person=person) for person in people.values()],
                {"unit": standing.branch.name, "due_on": term.ends_on},
                event_key=f"{level}:{term.pk}:{term.ends_on}",
                url=reverse("branch_organization", args=[standing.branch.code]),
            )
        told += 1
    return f"{told} branches are reminded of their election"


def register() -> None:
    """Register the messages once, when the application is ready."""
    register_message(
        AHEAD,
        _("Election ahead: please prepare"),
        _("%(unit)s: the term ends on %(due_on)s. Please prepare the election in good time."),
    )
    register_message(
        OVERDUE,
        _("Election overdue"),
        _("%(unit)s: the term ended on %(due_on)s and no extension is approved."),
    )
