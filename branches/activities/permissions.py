"""Who plans, keeps, reviews and reads the records of branch activities.

Source: the roles chapter of the domain facts, column of meetings.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from branches.models import Activity, ActivityState, Attendance
from branches.year.permissions import BRANCH_ROLES, READERS, seen_branches
from portal.organizations.models import Unit, UnitKind
from portal.roles.permissions import assignments, has_role, may_review

SECTION = "branches"


def keeps_branch(user: Any, branch: Unit | None) -> bool:
    """Whether the account plans and keeps the activities of a branch."""
    return any(
        row.role_code in BRANCH_ROLES and row.covers(branch) for row in assignments(user)
    ) or has_role(user, "party_staff")


def kept_branches(user: Any) -> QuerySet[Unit]:
    """Return the branches that exist and whose activities the account plans."""
    branches = Unit.objects.filter(kind=UnitKind.PARTY_BRANCH).valid_on()
    if has_role(user, "party_staff"):
        return branches.order_by("path")
    units = [row.unit for row in assignments(user) if row.role_code in BRANCH_ROLES]
    return branches.filter(pk__in=Unit.objects.within(units).values("pk")).order_by("path")


def _person(user: Any) -> int:
    # No person has this key, so that an account without a person is nobody's host.
    return getattr(user, "person_id", None) or -1


def leads(user: Any, activity: Activity) -> bool:
    """Whether the account is host or recorder of an activity."""
    return _person(user) in (activity.host_id, activity.recorder_id)


def keeps(user: Any, activity: Activity) -> bool:
    """Whether the account changes the record: branch roles, Party staff, host and recorder."""
    return leads(user, activity) or keeps_branch(user, activity.branch)


def reviews(user: Any, activity: Activity) -> bool:
    """Whether the account may review: a reviewer of the branch, and neither host nor recorder.

    Whoever handed the record in does not review it either.
    """
    return (
        may_review(user, SECTION, activity.branch)
        and not leads(user, activity)
        and activity.handed_in_by_id != user.pk
    )


def reads_notes(user: Any, activity: Activity) -> bool:
    """Whether the account reads the words of those who asked for leave.

    Host, recorder and the roles of the branch do, and nobody above them.
    """
    return leads(user, activity) or any(
        row.role_code in BRANCH_ROLES and row.covers(activity.branch) for row in assignments(user)
    )


def reads_all(user: Any, activity: Activity) -> bool:
    """Whether the account reads the whole record, without the words of those who asked for leave.

    That is whoever keeps or reviews it, and those who read the year of the branch.
    """
    if keeps(user, activity) or has_role(user, *READERS):
        return True
    return any(
        row.role_code in BRANCH_ROLES and row.covers(activity.branch) for row in assignments(user)
    )


def sees_list(user: Any) -> bool:
    """Whether the account sees the list of activities of any branch."""
    return has_role(user, *READERS, *BRANCH_ROLES)


def records_seen(user: Any) -> QuerySet[Activity]:
    """Return the records an account sees, in the list or because they concern it.

    Readers see those of their branches, host and recorder their own, and everybody on the list
    of an activity sees it once notice was given.
    """
    person = _person(user)
    records = Activity.objects.exclude(state=ActivityState.WITHOUT_RECORD)
    listed = Attendance.objects.filter(activity=OuterRef("pk"), person=person)
    concerned = Q(host=person) | Q(recorder=person)
    concerned |= ~Q(state=ActivityState.PLANNED) & Q(Exists(listed))
    if sees_list(user):
        concerned |= Q(branch__in=seen_branches(user).values("pk"))
    return records.filter(concerned)
