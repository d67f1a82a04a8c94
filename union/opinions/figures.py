"""What the dashboards show of opinions: a year or some of its quarters, small cells hidden.

A quarter is the finest cell. What may be shown is decided once for the whole year: a range of
quarters is the sum of cells that may all be shown, so no two ranges give a hidden cell away.
Source: sections 2.7 and 3.8 of the case facts.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.address_values import plain_text
from portal.cases.listing import office_states
from portal.cases.models import Case
from portal.organizations.models import Unit
from portal.suppression import MINIMUM, hidden_cells
from union.models import OpinionCategory, OpinionFigure
from union.opinions.flow import FLOW, OPINIONS

QUARTERS = (1, 2, 3, 4)
FIRST_YEAR = 2000
COUNTED = ("received", "declined", "answered", "late", "reopened", "ratings", "satisfied")
# A cell of the cube: category, unit, quarter; None sums up. The union itself is unit 0.
Cell = tuple[int | None, int | None, int | None]
UNION = 0


@dataclass
class Sums:
    """Counts of some cells, and the days replies took."""

    counts: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)

    def add(self, row: Any) -> None:
        """Add one row."""
        for name in COUNTED:
            self.counts[name] += getattr(row, name)
        for days, count in row.days.items():
            self.days[int(days)] += count

    def join(self, other: Sums) -> None:
        """Add other sums."""
        self.counts.update(other.counts)
        self.days.update(other.days)

    @property
    def median(self) -> float | None:
        """The middle of the working days a reply took; None below the smallest number shown."""
        total = sum(self.days.values())
        if total < MINIMUM:
            return None
        ordered = sorted(self.days.items())
        lower, upper = _nth(ordered, (total - 1) // 2), _nth(ordered, total // 2)
        return (lower + upper) / 2

    def percent(self, part: str, whole: str) -> int | None:
        """Return a share as a whole number; None below the smallest number shown."""
        base = self.counts[whole]
        return None if base < MINIMUM else round(100 * self.counts[part] / base)


def _nth(ordered: list[tuple[int, int]], place: int) -> int:
    for days, count in ordered:
        if place < count:
            return days
        place -= count
    raise IndexError(place)


@dataclass(frozen=True)
class Row:
    """One line of a table; hidden ones hold no number.

    Attributes:
        received: how many came in.
        answered: how many of them have a reply.
        median: of the working days the first reply took.
        late: percent that waited longer than a limit.
        satisfied: percent of those who rated.
    """

    name: Any
    hidden: bool = False
    received: int | None = None
    answered: int | None = None
    median: float | None = None
    late: int | None = None
    satisfied: int | None = None

    @classmethod
    def of(cls, name: Any, sums: Sums) -> Row:
        """Return the line of some sums."""
        return cls(
            name,
            False,
            sums.counts["received"],
            # How many have no answer yet must not be a small number either.
            _rounded_part(sums.counts["answered"], sums.counts["received"]),
            sums.median,
            sums.percent("late", "received"),
            sums.percent("satisfied", "ratings"),
        )


def _rounded_part(part: int, whole: int) -> int | None:
    """Return a part that is shown beside its whole: neither it nor the rest is small."""
    return None if 0 < part < MINIMUM or 0 < whole - part < MINIMUM else part


@dataclass(frozen=True)
class Chosen:
    """A year and the quarters of it, first and last."""

    year: int
    first: int = 1
    last: int = 4

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the year."""
        return (self.first, self.last) == (QUARTERS[0], QUARTERS[-1])

    @property
    def quarters(self) -> range:
        """The quarters."""
        return range(self.first, self.last + 1)

    @property
    def first_day(self) -> datetime.date:
        """The first day of the range."""
        return datetime.date(self.year, 3 * self.first - 2, 1)

    @property
    def last_day(self) -> datetime.date:
        """The last day of the range."""
        after = (self.year, 3 * self.last + 1) if self.last < 4 else (self.year + 1, 1)
        return datetime.date(*after, 1) - datetime.timedelta(days=1)


@dataclass(frozen=True)
class Report:
    """Everything the dashboard shows.

    Attributes:
        overdue: how many opinions wait too long now, whatever range was chosen.
        counted_on: the day of the last count; None when nothing was counted.
    """

    chosen: Chosen
    total: Row
    by_category: list[Row]
    by_unit: list[Row]
    by_quarter: list[Row]
    overdue: int
    counted_on: datetime.date | None


class Cube:
    """The cells of one year, with what of them is hidden."""

    def __init__(self, rows: Iterable[Any], names: Mapping[int, str] | None = None) -> None:
        self.sums: dict[Cell, Sums] = defaultdict(Sums)
        self.units: dict[int, str] = {}
        self.counted_on: datetime.date | None = None
        for row in rows:
            self._add(row, names or {})
        self._sum_up()
        counts = {cell: sums.counts["received"] for cell, sums in self.sums.items()}
        self.hidden = hidden_cells(counts)

    def _add(self, row: Any, names: Mapping[int, str]) -> None:
        unit = row.unit_id or UNION
        self.units[unit] = names.get(unit, "")
        self.counted_on = row.counted_on
        self.sums[row.category_id, None, row.quarter].add(row)
        self.sums[None, unit, row.quarter].add(row)

    def _sum_up(self) -> None:
        """Add the totals, which are sums of the few cells and not of the many rows."""
        for (category, unit, quarter), sums in list(self.sums.items()):
            self.sums[category, unit, None].join(sums)
            if category is not None:
                self.sums[None, None, quarter].join(sums)
                self.sums[None, None, None].join(sums)

    def row(self, name: Any, category: int | None, unit: int | None, chosen: Chosen) -> Row:
        """Return the line of a category or a unit within a range."""
        whole: Cell = (category, unit, None)
        if chosen.is_whole:
            return self._cell(name, whole)
        cells = [(category, unit, quarter) for quarter in chosen.quarters]
        filled = [cell for cell in cells if cell in self.sums]
        if any(cell in self.hidden for cell in filled):
            return Row(name, hidden=True)
        joined = Sums()
        for cell in filled:
            joined.join(self.sums[cell])
        return Row.of(name, joined)

    def _cell(self, name: Any, cell: Cell) -> Row:
        if cell in self.hidden:
            return Row(name, hidden=True)
        return Row.of(name, self.sums[cell]) if cell in self.sums else Row.of(name, Sums())

    def quarter(self, quarter: int) -> Row:
        """Return the line of a quarter."""
        return self._cell(_("Q%(number)d") % {"number": quarter}, (None, None, quarter))


def overdue_now(today: datetime.date) -> int:
    """Return how many opinions the office has had too long today."""
    # By the column the index of work queues ends with; what has no last day comes last there.
    waiting = Q(flow=FLOW, state__in=office_states(OPINIONS), urgency__lt=today)
    return int(Case.objects.filter(waiting).aggregate(count=Count("pk"))["count"])


def _counted(year: int) -> Q:
    return Q(pk__in=OpinionFigure.objects.filter(year=year).values("unit"))


def report(chosen: Chosen) -> Report:
    """Return the figures of a range, by four queries."""
    # Plain rows: there may be thousands, and of each only its numbers are needed.
    columns = ("quarter", "category_id", "unit_id", "days", "counted_on", *COUNTED)
    rows = OpinionFigure.objects.filter(year=chosen.year).values_list(*columns, named=True)
    names = dict(Unit.objects.filter(_counted(chosen.year)).values_list("pk", "name"))
    cube = Cube(rows, {**names, UNION: _("The union itself")})
    categories = [
        cube.row(one.name, one.pk, None, chosen)
        for one in OpinionCategory.objects.filter(to_discipline=False)
    ]
    units = sorted(cube.units.items(), key=lambda item: (item[0] == UNION, item[1]))
    return Report(
        chosen,
        cube.row(_("Total"), None, None, chosen),
        categories,
        [cube.row(name, None, key, chosen) for key, name in units],
        [cube.quarter(quarter) for quarter in QUARTERS],
        overdue_now(timezone.localdate()),
        cube.counted_on,
    )


def chosen(request: HttpRequest) -> Chosen:
    """Read year and quarters of the address; what makes no sense counts as none."""
    today = timezone.localdate()

    def number(name: str, least: int, most: int, otherwise: int) -> int:
        text = plain_text(request.GET.get(name, ""))
        value = int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else otherwise
        return value if least <= value <= most else otherwise

    year = number("year", FIRST_YEAR, today.year, today.year)
    first = number("from", 1, 4, 1)
    last = number("to", 1, 4, 4)
    return Chosen(year, min(first, last), max(first, last))


def years_with_figures() -> list[int]:
    """Return the years that were counted, and this one, the newest first."""
    counted = set(OpinionFigure.objects.order_by().values_list("year", flat=True).distinct())
    return sorted(counted | {timezone.localdate().year}, reverse=True)
