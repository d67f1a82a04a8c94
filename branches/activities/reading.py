"""Lists of records: what an account sees, filtered and sorted, with how many came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from branches.activities.permissions import records_seen
from branches.models import Activity, ActivityKind, ActivityState, Attendance
from branches.models.attendance import PRESENT
from branches.year.permissions import seen_branches
from portal.address_values import plain_text
from portal.organizations.models import Unit
from portal.people.models import Person
from portal.roles.permissions import assignments
from portal.roles.table import SECTIONS, Scope

SORTS: dict[str, tuple[str, ...]] = {
    "newest": ("-held_on", "-starts_at", "-pk"),
    "oldest": ("held_on", "starts_at", "pk"),
    "branch": ("branch__path", "-held_on", "-starts_at", "-pk"),
    "state": ("state", "-held_on", "-starts_at", "-pk"),
}
REVIEWS = "reviews"
#: In no year before it was there a Party branch.
FIRST_YEAR = 1921


@dataclass(frozen=True)
class Choice:
    """What was chosen in the address; what is not understood is left out."""

    state: str = ""
    kind: str = ""
    unit: str = ""
    year: str = ""
    words: str = ""
    sort: str = "newest"
    show: str = ""


def choice_of(values: Any) -> Choice:
    """Read the address of the list."""

    def among(name: str, known: Any) -> str:
        value = str(values.get(name, ""))
        return value if value in known else ""

    return Choice(
        state=among("state", set(ActivityState.values) - {""}),
        kind=among("kind", ActivityKind.values),
        unit=plain_text(values.get("unit", ""), 20),
        year=_year(str(values.get("year", ""))),
        words=plain_text(values.get("q", "")),
        sort=among("sort", SORTS) or "newest",
        show=among("show", {REVIEWS}),
    )


def _year(typed: str) -> str:
    known = typed.isascii() and typed.isdecimal() and len(typed) == 4
    return typed if known and FIRST_YEAR <= int(typed) <= timezone.localdate().year + 1 else ""


def with_numbers(records: QuerySet[Activity]) -> QuerySet[Activity]:
    """Add `should` and `attended` to each record, in the same query."""

    def count(condition: Q) -> Any:
        rows = (
            Attendance.objects.filter(condition, activity=OuterRef("pk"), is_guest=False)
            .order_by()
            .values("activity")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return Coalesce(Subquery(rows), 0)

    return records.annotate(should=count(Q()), attended=count(Q(presence__in=PRESENT)))


def listed(user: Any, choice: Choice) -> QuerySet[Activity]:
    """Return the records of the list, as chosen."""
    records = records_seen(user)
    if choice.show == REVIEWS:
        records = waiting_for(user, records)
    if choice.state:
        records = records.filter(state=choice.state)
    if choice.kind:
        records = records.filter(kind=choice.kind)
    if choice.unit:
        unit = Unit.objects.filter(code=choice.unit).first()
        records = records.filter(branch__path__startswith=unit.path) if unit else records.none()
    if choice.year:
        records = records.filter(held_on__year=int(choice.year))
    if choice.words:
        records = records.filter(Q(topic__icontains=choice.words) | Q(place=choice.words))
    return (
        with_numbers(records)
        .select_related("branch", "host", "recorder")
        .order_by(*SORTS[choice.sort])
    )


def waiting_for(user: Any, records: QuerySet[Activity]) -> QuerySet[Activity]:
    """Return the records that wait for the review of an account.

    Its own work is not among them: host, recorder and whoever handed in do not review.
    """

    grants = SECTIONS["branches"].grants
    held = [
        row
        for row in assignments(user)
        if row.role_code in grants and grants[row.role_code].reviews
    ]
    found = records.filter(state=ActivityState.IN_REVIEW)
    if not held:
        return found.none()
    if not any(row.role.scope is Scope.ALL for row in held):
        found = found.filter(branch__in=Unit.objects.within([row.unit for row in held]))
    person = getattr(user, "person_id", None) or -1
    return found.exclude(host=person).exclude(recorder=person).exclude(handed_in_by=user)


def expected_at(person: Person | None, *, past: bool = False) -> QuerySet[Attendance]:
    """Return where a person is expected from today on, or was expected before."""
    rows = Attendance.objects.filter(person=person).exclude(
        activity__state__in=[ActivityState.PLANNED, ActivityState.WITHOUT_RECORD]
    )
    today = timezone.localdate()
    day = {"activity__held_on__lt": today} if past else {"activity__held_on__gte": today}
    order = "-" if past else ""
    return (
        rows.filter(**day)
        .select_related("activity__branch")
        .order_by(f"{order}activity__held_on", f"{order}activity__starts_at", "pk")
    )


def units_of_list(user: Any) -> list[Unit]:
    """Return the units that can be chosen in the list: branches an account sees, and above."""
    paths = {
        path[:end]
        for path in seen_branches(user).values_list("path", flat=True)
        for end in range(4, len(path) + 1, 4)
    }
    return list(Unit.objects.filter(path__in=paths).order_by("path"))
