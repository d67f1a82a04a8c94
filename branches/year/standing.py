"""Where a branch stands with a requirement in a period: held, late, soon due, missing.

Source of the states: section 2.7 of the domain facts; the days are rows of the requirement.
"""

from __future__ import annotations

import calendar
import datetime
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from branches.models.requirements import MONTHS, LifeRequirement
from portal.organizations.models import Unit
from portal.workdays.calendar import WorkingCalendar, current


class Standing(enum.Enum):
    """What a cell of the year says. The words say it; the colour only repeats it."""

    DONE = "done"
    LATE = "late"
    MISSING = "missing"
    DUE = "due"
    PLANNED = "planned"
    OPEN = "open"
    AHEAD = "ahead"
    EXPLAINED = "explained"
    NONE = "none"

    @property
    def words(self) -> Any:
        """The word in the cell."""
        return _WORDS[self]


_WORDS = {
    Standing.DONE: pgettext_lazy("branch life", "Held"),
    Standing.LATE: pgettext_lazy("branch life", "Late record"),
    Standing.MISSING: pgettext_lazy("branch life", "Missing"),
    Standing.DUE: pgettext_lazy("branch life", "Soon due"),
    Standing.PLANNED: pgettext_lazy("branch life", "Planned"),
    Standing.OPEN: pgettext_lazy("branch life", "Open"),
    Standing.AHEAD: pgettext_lazy("branch life", "Ahead"),
    Standing.EXPLAINED: pgettext_lazy("branch life", "Explained"),
    Standing.NONE: "—",
}


@dataclass(frozen=True)
class Span:
    """One period of a year."""

    number: int
    first: datetime.date
    last: datetime.date

    @property
    def months(self) -> int:
        """How many months it has."""
        return self.last.month - self.first.month + 1


@dataclass(frozen=True)
class Held:
    """One activity: when it was, and when its record was there.

    Attributes:
        is_plan: planned, and nobody has said that it was held.
        awaits_record: held, and its record is not handed in, or came back.
    """

    held_on: datetime.date
    recorded_on: datetime.date | None
    is_plan: bool = False
    awaits_record: bool = False


def spans(period: str, year: int) -> list[Span]:
    """Return the periods of a year, in order."""
    length = MONTHS[period]
    return [
        Span(
            number,
            datetime.date(year, first, 1),
            datetime.date(
                year, first + length - 1, calendar.monthrange(year, first + length - 1)[1]
            ),
        )
        for number, first in enumerate(range(1, 13, length), start=1)
    ]


def existed(branch: Unit, span: Span) -> bool:
    """Whether the branch existed in the whole period, so that the rule asks for it."""
    ended = branch.valid_to is not None and branch.valid_to < span.last
    return branch.valid_from <= span.first and not ended


def standing_of(
    requirement: LifeRequirement,
    span: Span,
    activities: Sequence[Held],
    today: datetime.date,
    *,
    explained: bool = False,
    known: WorkingCalendar | None = None,
) -> Standing:
    """Return where a branch that existed stands in a period.

    What was held and awaits its record counts as planned within the working days of the record
    and as late after them. What has its record counts first: so many as the rule asks are enough.

    Args:
        activities: those of the kind within the period, planned ones included.
        explained: whether somebody gave a reason why there is none.
        known: the working days; whoever asks for many periods reads them once.
    """
    held = sorted(
        (row for row in activities if row.held_on <= today and not row.is_plan),
        key=lambda row: (row.awaits_record, row.held_on),
    )
    counted = held[: requirement.count]
    if len(counted) == requirement.count:
        if any(is_late(row, requirement.record_days, today, known) for row in counted):
            return Standing.LATE
        return Standing.PLANNED if any(row.awaits_record for row in counted) else Standing.DONE
    if explained:
        return Standing.EXPLAINED
    if span.last < today:
        return Standing.MISSING
    if len(activities) >= requirement.count:
        return Standing.PLANNED
    if span.first > today:
        return Standing.AHEAD
    soon = (span.last - today).days <= requirement.warning_days
    return Standing.DUE if soon else Standing.OPEN


def is_late(
    row: Held, record_days: int, today: datetime.date, known: WorkingCalendar | None = None
) -> bool:
    """Whether the record came after its working days, or is awaited after them.

    What has no day of its record and awaits none, as a page without a record, is not followed.
    """
    there = today if row.awaits_record else row.recorded_on
    if there is None:
        return False
    return there > (known or current()).add_working_days(row.held_on, record_days).date
