"""Filed against expected (归档完成情况), and the completeness of each unit by quarter.

A duty is due when its month, quarter or year has ended; what is filed before counts already.
More of one kind never makes up for another. Counted is every current version that the
archive has or is taking in, whatever its access level: only its number is told.
"""

from __future__ import annotations

import calendar
import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.archives.models import ExpectedFiling, FilingInterval, RecordState
from portal.archives.sources import publishable_kinds, subkinds_of
from portal.archives.statistics.expressions import MonthOf
from portal.archives.statistics.reach import Reach
from portal.organizations.models import Unit

FILED_STATES = (
    RecordState.CAPTURED,
    RecordState.POOL,
    RecordState.RETURNED,
    RecordState.ACCEPTED,
    # It was filed once.
    RecordState.DESTROYED,
)
QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Duty:
    """One row of the table of expected filings, with its name."""

    pk: int
    name: str
    kind: str
    subkind: str
    count: int
    interval: FilingInterval
    unit_kind: str
    clause: str
    excepted: frozenset[int]

    def periods(self) -> list[range]:
        """Return the periods of a year as ranges of months."""
        months = self.interval.months
        return [range(first, first + months) for first in range(1, 13, months)]


@dataclass(frozen=True)
class PeriodResult:
    """One duty of one unit in one period: how many were filed, how many were due by today."""

    duty: Duty
    months: range
    filed: int
    expected: int

    @property
    def counted(self) -> int:
        """What counts for the score: never more than was due."""
        return min(self.filed, self.expected)

    @property
    def missing(self) -> int:
        """How many are missing."""
        return self.expected - self.counted

    @property
    def quarter(self) -> int:
        """The quarter in which the period ends."""
        return (self.months[-1] + 2) // 3


@dataclass
class Completeness:
    """Filed and expected of a unit in a quarter or in the year."""

    expected: int = 0
    counted: int = 0
    gaps: list[PeriodResult] = field(default_factory=list)

    def add(self, result: PeriodResult) -> None:
        """Count one more period of one duty."""
        self.expected += result.expected
        self.counted += result.counted
        if result.missing:
            self.gaps.append(result)

    @property
    def percent(self) -> int | None:
        """Return the score, rounded down so that 100 means complete; None when nothing is due."""
        return self.counted * 100 // self.expected if self.expected else None

    @property
    def missing_words(self) -> str:
        """Return what is missing, by duty."""
        by_duty: dict[Duty, list[PeriodResult]] = defaultdict(list)
        for gap in self.gaps:
            by_duty[gap.duty].append(gap)
        between = pgettext("between items of a list", ", ")
        return pgettext("between reason and remedy", "; ").join(
            _("%(name)s: %(gaps)s missing")
            % {"name": duty.name, "gaps": between.join(_runs(duty, gaps))}
            for duty, gaps in by_duty.items()
        )


def _runs(duty: Duty, gaps: list[PeriodResult]) -> Iterator[str]:
    """Yield words for periods one after the other that lack the same number."""
    begin = end = gaps[0]
    for gap in gaps[1:]:
        if gap.months[0] == end.months[-1] + 1 and gap.missing == end.missing:
            end = gap
            continue
        yield _run_words(duty, begin, end)
        begin = end = gap
    yield _run_words(duty, begin, end)


def _run_words(duty: Duty, begin: PeriodResult, end: PeriodResult) -> str:
    numbers = {
        FilingInterval.MONTH: (begin.months[0], end.months[0]),
        FilingInterval.QUARTER: (begin.quarter, end.quarter),
    }
    first, last = numbers.get(duty.interval, (0, 0))
    if duty.interval == FilingInterval.YEAR:
        period = _("the year")
    elif duty.interval == FilingInterval.QUARTER:
        one, several = _("quarter %(first)d"), _("quarters %(first)d to %(last)d")
        period = (one if first == last else several) % {"first": first, "last": last}
    else:
        one, several = _("month %(first)d"), _("months %(first)d to %(last)d")
        period = (one if first == last else several) % {"first": first, "last": last}
    if end.missing == 1:
        return period
    each = _("%(period)s (%(count)d)") if first == last else _("%(period)s (%(count)d each)")
    return each % {"period": period, "count": end.missing}


@dataclass
class UnitResult:
    """Everything about one unit in the year."""

    unit: Unit
    periods: list[PeriodResult] = field(default_factory=list)

    def of_quarter(self, quarter: int) -> Completeness:
        """Return filed and expected of a quarter."""
        return _summed(result for result in self.periods if result.quarter == quarter)

    @property
    def quarters(self) -> list[Completeness]:
        """Return the four quarters."""
        return [self.of_quarter(quarter) for quarter in QUARTERS]

    @property
    def year(self) -> Completeness:
        """Return filed and expected of the whole year."""
        return _summed(self.periods)


def _summed(results: Iterable[PeriodResult]) -> Completeness:
    total = Completeness()
    for result in results:
        total.add(result)
    return total


@dataclass(frozen=True)
class DutyCell:
    """One period of one duty, summed over all units that are shown."""

    months: range
    filed: int
    expected: int


@dataclass(frozen=True)
class MonthTotal:
    """A month summed over all units and the duties that are due each month."""

    month: int
    filed: int
    accepted: int
    expected: int


@dataclass
class Filings:
    """Filed against expected of all units of a reach in a year."""

    duties: list[Duty]
    units: list[UnitResult]
    months: list[MonthTotal]

    @property
    def matrix(self) -> list[tuple[Duty, list[DutyCell]]]:
        """Return each duty with its periods, summed over the units."""
        filed: dict[tuple[int, int], int] = defaultdict(int)
        expected: dict[tuple[int, int], int] = defaultdict(int)
        for unit in self.units:
            for result in unit.periods:
                key = (result.duty.pk, result.months[0])
                filed[key] += result.filed
                expected[key] += result.expected
        return [
            (
                duty,
                [
                    DutyCell(months, filed[duty.pk, months[0]], expected[duty.pk, months[0]])
                    for months in duty.periods()
                ],
            )
            for duty in self.duties
        ]

    @property
    def year(self) -> Completeness:
        """Return filed and expected of all units."""
        return _summed(result for unit in self.units for result in unit.periods)

    @property
    def quarters(self) -> list[Completeness]:
        """Return filed and expected of all units by quarter."""
        return [
            _summed(
                result
                for unit in self.units
                for result in unit.periods
                if result.quarter == quarter
            )
            for quarter in QUARTERS
        ]


def duty_name(kind: str, subkind: str) -> str:
    """Return what people call a kind with its detail."""
    return str(subkinds_of(kind).get(subkind) or publishable_kinds().get(kind, subkind or kind))


def duties() -> list[Duty]:
    """Return the table of expected filings, by two queries."""
    return [
        Duty(
            row.pk,
            duty_name(row.kind, row.subkind),
            row.kind,
            row.subkind,
            row.count,
            FilingInterval(row.interval),
            row.unit_kind,
            row.clause,
            frozenset(unit.pk for unit in row.excepted_units.all()),
        )
        for row in ExpectedFiling.objects.prefetch_related("excepted_units")
    ]


def _filed(reach: Reach, wanted: list[Duty]) -> dict[tuple[int, int, str, str], tuple[int, int]]:
    """Count by unit, month, kind and detail: all, and those accepted."""
    kinds = Q(pk__in=[])
    for duty in wanted:
        kinds |= Q(kind=duty.kind, subkind=duty.subkind) if duty.subkind else Q(kind=duty.kind)
    rows = (
        reach.records_of_year()
        .filter(
            kinds,
            state__in=FILED_STATES,
            next__isnull=True,
        )
        .order_by()
        .values_list("unit_id", MonthOf(F("business_date")), "kind", "subkind")
        .annotate(filed=Count("pk"), accepted=Count("pk", filter=Q(state=RecordState.ACCEPTED)))
    )
    return {
        (unit, month, kind, sub): (filed, accepted)
        for unit, month, kind, sub, filed, accepted in rows
    }


def _bounds(year: int, months: range) -> tuple[datetime.date, datetime.date]:
    last = calendar.monthrange(year, months[-1])[1]
    return datetime.date(year, months[0], 1), datetime.date(year, months[-1], last)


def filings(reach: Reach, today: datetime.date | None = None) -> Filings:
    """Return filed against expected of the year, by four queries however many units there are.

    Args:
        today: the day by whose end something has to be due; today in Shanghai by default.
    """
    today = today or timezone.localdate()
    wanted = duties()
    counted = _filed(reach, wanted)
    by_unit: dict[int, list[tuple[int, str, str, int, int]]] = defaultdict(list)
    for (unit_id, month, kind, subkind), (filed, accepted) in counted.items():
        by_unit[unit_id].append((month, kind, subkind, filed, accepted))
    units = (
        reach.chosen_units()
        .filter(kind__in={duty.unit_kind for duty in wanted})
        .filter(valid_from__lte=datetime.date(reach.year, 12, 31))
        .exclude(valid_to__lt=datetime.date(reach.year, 1, 1))
        .order_by("path")
    )
    results = []
    totals = {month: [0, 0, 0] for month in range(1, 13)}
    for unit in units:
        result = UnitResult(unit)
        for duty in wanted:
            if duty.unit_kind == unit.kind and unit.pk not in duty.excepted:
                for months in duty.periods():
                    period = _period(unit, duty, months, by_unit[unit.pk], reach.year, today)
                    if period is not None:
                        result.periods.append(period)
                        _add_month(totals, period, by_unit[unit.pk])
        results.append(result)
    return Filings(
        wanted, results, [MonthTotal(month, *numbers) for month, numbers in totals.items()]
    )


def _fits(duty: Duty, kind: str, subkind: str) -> bool:
    return duty.kind == kind and duty.subkind in ("", subkind)


def _period(
    unit: Unit,
    duty: Duty,
    months: range,
    filed: list[tuple[int, str, str, int, int]],
    year: int,
    today: datetime.date,
) -> PeriodResult | None:
    """Return a duty in a period; None when the unit did not exist throughout and filed nothing."""
    number = sum(
        count
        for month, kind, subkind, count, _accepted in filed
        if month in months and _fits(duty, kind, subkind)
    )
    begin, end = _bounds(year, months)
    existed = unit.valid_from <= begin and (unit.valid_to is None or unit.valid_to >= end)
    expected = duty.count if existed else 0
    if end >= today:
        expected = min(expected, number)
    if not existed and not number:
        return None
    return PeriodResult(duty, months, number, expected)


def _add_month(
    totals: dict[int, list[int]], period: PeriodResult, filed: list[tuple[int, str, str, int, int]]
) -> None:
    if period.duty.interval != FilingInterval.MONTH:
        return
    month = period.months[0]
    totals[month][0] += period.filed
    totals[month][1] += sum(
        accepted
        for found, kind, subkind, _count, accepted in filed
        if found == month and _fits(period.duty, kind, subkind)
    )
    totals[month][2] += period.expected
