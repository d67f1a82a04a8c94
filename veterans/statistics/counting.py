"""Counting the figures of a year: one pass over its cases, every total beside its parts.

A case belongs to the year and month in which it was handed in, and to the unit of the person
concerned; a further year of a running benefit to the month in which it was paid. Figures are
replaced as a whole in one transaction; readers never see half of them.
"""

from __future__ import annotations

import datetime
import itertools
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from portal.cases.models import Case, CaseEvent, Rating
from portal.suppression import Key, hidden_cells
from veterans.models import Figure, FigureRun, Payment, RefusalFigure
from veterans.models.applications import PaymentState

FLOW = "veterans-support"
DECIDED_INTO = ("notice", "approved", "arranging", "rejected", "not_accepted")
REFUSED_INTO = ("rejected", "not_accepted")
CORRECTIONS = ("request_correction", "request_again")
SATISFIED, BAD = 3, 2
BATCH = 1_000
OTHER_REASON = "other"


@dataclass(frozen=True)
class Fact:
    """What counts of one case, or of one further year that was paid.

    Attributes:
        renewed: a further year; it counts in the month of its payment and is no case of its own.
    """

    key: tuple[int, int, int]
    person: str
    renewed: bool = False
    refused: bool = False
    decided: bool = False
    in_time: bool = False
    days: int = 0
    corrected: bool = False
    closed: bool = False
    granted: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    rating: int = 0
    reason: str = ""


@dataclass
class Cell:
    """The sums of one cell."""

    people: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    days: list[int] = field(default_factory=list)
    granted: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)

    def add(self, fact: Fact) -> None:
        """Count one case or one further year."""
        self.people.add(fact.person)
        counts = self.counts
        if fact.renewed:
            counts["renewed"] += 1
            self.paid += fact.paid
            return
        counts["received"] += 1
        counts["corrected"] += fact.corrected
        counts["closed"] += fact.closed
        if fact.decided:
            counts["decided"] += 1
            counts["on_time"] += fact.in_time
            counts["refused"] += fact.refused
            counts["approved"] += not fact.refused
            self.days.append(fact.days)
        if fact.rating:
            counts["ratings"] += 1
            counts["satisfied"] += fact.rating >= SATISFIED
            counts["bad_ratings"] += fact.rating <= BAD
        self.granted += fact.granted
        self.paid += fact.paid


def _span(year: int) -> tuple[datetime.datetime, datetime.datetime]:
    zone = timezone.get_current_timezone()
    first, after = (
        datetime.datetime.combine(datetime.date(number, 1, 1), datetime.time(), zone)
        for number in (year, year + 1)
    )
    return first, after


def _of_year(year: int, prefix: str = "") -> Q:
    first, after = _span(year)
    return Q(
        **{
            f"{prefix}flow": FLOW,
            f"{prefix}submitted_at__gte": first,
            f"{prefix}submitted_at__lt": after,
        }
    )


def _decisions(year: int) -> dict[Any, tuple[str, datetime.datetime, dict[str, Any]]]:
    """Return the first decision of each case: where it led, when, what was noted."""
    rows = (
        CaseEvent.objects.filter(_of_year(year, "case__"), to_state__in=DECIDED_INTO)
        .exclude(from_state__in=(*DECIDED_INTO, "paying", "paid"))
        .order_by("-sequence")
        .values_list("case_id", "to_state", "at", "data")
    )
    return {case: (state, at, data) for case, state, at, data in rows.iterator(chunk_size=BATCH)}


def facts_of(year: int) -> Iterator[Fact]:
    """Yield what counts of every case that was handed in in a year."""
    decisions = _decisions(year)
    events = CaseEvent.objects.filter(_of_year(year, "case__"))
    corrected = set(events.filter(transition__in=CORRECTIONS).values_list("case_id", flat=True))
    ratings = dict(Rating.objects.filter(_of_year(year, "case__")).values_list("case_id", "level"))
    paid = dict(
        Payment.objects.of_decisions()
        .filter(_of_year(year, "application__case__"), state=PaymentState.PAID)
        .order_by()
        .values_list("application_id")
        .annotate(total=Sum("amount"))
    )
    rows = Case.objects.filter(_of_year(year), application__isnull=False).values_list(
        *("pk", "application__item_id", "unit_id", "beneficiary__unit_id", "applicant__unit_id"),
        *("submitted_at", "closed_at", "application__identity_number_index"),
        "application__amount",
    )
    zone = timezone.get_current_timezone()
    for pk, item, unit, own, asking, handed_in, closed, person, amount in rows.order_by().iterator(
        chunk_size=BATCH
    ):
        state, at, data = decisions.get(pk, ("", None, {}))
        refused = state in REFUSED_INTO
        first = handed_in.astimezone(zone).date()
        yield Fact(
            key=(item, own or asking or unit, first.month),
            person=person or str(pk),
            decided=bool(state),
            refused=refused,
            in_time=bool(data.get("in_time", True)),
            days=(at.astimezone(zone).date() - first).days if at else 0,
            corrected=pk in corrected,
            closed=closed is not None,
            granted=amount if state and not refused and amount is not None else Decimal(0),
            paid=paid.get(pk, Decimal(0)),
            rating=ratings.get(pk, 0),
            reason=str(data.get("reason_code", OTHER_REASON)) if refused else "",
        )


def renewals_of(year: int) -> Iterator[Fact]:
    """Yield what counts of every further year of a benefit that was paid in a year."""
    first, after = _span(year)
    rows = Payment.objects.of_further_years().filter(
        state=PaymentState.PAID, finished_at__gte=first, finished_at__lt=after
    )
    zone = timezone.get_current_timezone()
    for pk, item, unit, own, asking, at, person, amount in (
        rows.order_by()
        .values_list(
            *("application_id", "application__item_id", "application__case__unit_id"),
            *("application__case__beneficiary__unit_id", "application__case__applicant__unit_id"),
            *("finished_at", "application__identity_number_index", "amount"),
        )
        .iterator(chunk_size=BATCH)
    ):
        month = at.astimezone(zone).month
        key = (item, own or asking or unit, month)
        yield Fact(key=key, person=person or str(pk), renewed=True, paid=amount)


def _totals(key: Key) -> Iterator[Key]:
    """Yield a key and everything it is summed up into."""
    yield from itertools.product(*((value, None) for value in key))


def _hidden(cells: dict[Key, Cell]) -> dict[str, set[Key]]:
    """Return for each thing that is shown the cells in which it may not be."""

    def count(name: str) -> dict[Key, int]:
        return {key: cell.counts[name] for key, cell in cells.items()}

    def rest_is_small(name: str, of: str) -> list[Key]:
        return [key for key, cell in cells.items() if 0 < cell.counts[of] - cell.counts[name] < 5]

    late = {key: cell.counts["decided"] - cell.counts["on_time"] for key, cell in cells.items()}
    on_time = [key for key, cell in cells.items() if 0 < cell.counts["on_time"] < 5]
    return {
        "hidden": hidden_cells({key: len(cell.people) for key, cell in cells.items()}),
        "late_hidden": hidden_cells(late, also=on_time),
        "corrected_hidden": hidden_cells(
            count("corrected"), also=rest_is_small("corrected", "received")
        ),
        "refused_hidden": hidden_cells(count("refused"), also=rest_is_small("refused", "decided")),
        # Both sums stand beside each other: few of either kind would give an amount away.
        "granted_hidden": hidden_cells(count("approved")) | hidden_cells(count("renewed")),
        "ratings_hidden": hidden_cells(count("ratings")),
    }


def _figures(year: int, cells: dict[Key, Cell]) -> Iterator[Figure]:
    hidden = _hidden(cells)
    names = (
        *("received", "decided", "on_time", "corrected", "approved"),
        *("refused", "closed", "ratings", "satisfied", "bad_ratings"),
    )
    for key, cell in cells.items():
        item, unit, month = key
        yield Figure(
            year=year,
            item_id=item,
            unit_id=unit,
            month=month,
            people=len(cell.people),
            median_days=statistics.median(cell.days) if cell.days else None,
            granted=cell.granted,
            paid=cell.paid,
            **{name: cell.counts[name] for name in names},
            **{name: key in keys for name, keys in hidden.items()},
        )


def _refusals(year: int, people: dict[Key, list[str]]) -> Iterator[RefusalFigure]:
    hidden = hidden_cells({key: len(set(found)) for key, found in people.items()})
    for (item, reason), found in people.items():
        if reason is not None:
            yield RefusalFigure(
                year=year,
                item_id=item,
                reason=reason,
                count=len(found),
                people=len(set(found)),
                hidden=(item, reason) in hidden,
            )


def count_year(year: int, now: datetime.datetime | None = None) -> int:
    """Count the figures of a year anew; return how many cases there were."""
    cells: dict[Key, Cell] = defaultdict(Cell)
    refusals: dict[Key, list[str]] = defaultdict(list)
    seen = 0
    for fact in itertools.chain(facts_of(year), renewals_of(year)):
        seen += not fact.renewed
        for key in _totals(fact.key):
            cells[key].add(fact)
        if fact.reason:
            for key in _totals((fact.key[0], fact.reason)):
                refusals[key].append(fact.person)
    with transaction.atomic():
        run, _created = FigureRun.objects.select_for_update().get_or_create(
            year=year, defaults={"made_at": now or timezone.now()}
        )
        Figure.objects.filter(year=year).delete()
        RefusalFigure.objects.filter(year=year).delete()
        Figure.objects.bulk_create(_figures(year, cells), batch_size=BATCH)
        RefusalFigure.objects.bulk_create(_refusals(year, refusals), batch_size=BATCH)
        run.made_at = now or timezone.now()
        run.save(update_fields=["made_at"])
    return seen


def count_all() -> int:
    """Count every year that has cases anew; return how many cases there were."""
    cases = Case.objects.filter(flow=FLOW, submitted_at__isnull=False)
    paid = Payment.objects.of_further_years().filter(finished_at__isnull=False)
    days = {
        *cases.datetimes("submitted_at", "year"),
        *paid.datetimes("finished_at", "year"),
    }
    return sum(count_year(year) for year in sorted({day.year for day in days}))
