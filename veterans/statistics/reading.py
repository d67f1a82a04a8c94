"""What the page of statistics shows: rows of figures that may be shown, by item, unit and month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.address_values import plain_text
from portal.organizations.models import Unit
from portal.roles.permissions import has_role
from portal.suppression import MINIMUM
from veterans.models import Figure, FigureRun, RefusalFigure, SupportItem
from veterans.payments.budgets import standings

READERS = ("veterans_officer", "union_chair", "party_approver", "discipline_auditor")
REASONS = {
    "condition": _("A condition of the standard is not met"),
    "proof": _("The papers do not prove it"),
    "granted": _("It was granted already"),
    "not-in-charge": _("Another office is in charge"),
    "not-an-item": _("There is no such support"),
    "not-eligible": _("The conditions are plainly not met"),
    "other": _("Other reason"),
}


def may_read_statistics(user: Any) -> bool:
    """Whether the account reads the figures of support."""
    return has_role(user, *READERS)


@dataclass(frozen=True)
class Row:
    """One line of a table; None stands for what may not be shown or does not exist."""

    name: Any
    figure: Figure | None

    @property
    def hidden(self) -> bool:
        """Whether the line is below five people, or would give one away that is."""
        return self.figure is not None and self.figure.hidden

    def _share(self, part: int, whole: int, concealed: bool) -> int | None:
        if self.figure is None or self.hidden or concealed or not whole:
            return None
        return round(part * 100 / whole)

    @property
    def received(self) -> int | None:
        """How many were handed in."""
        return None if self.hidden else self.figure.received if self.figure else 0

    @property
    def decided(self) -> int | None:
        """How many of them were decided."""
        return None if self.hidden else self.figure.decided if self.figure else 0

    @property
    def on_time(self) -> int | None:
        """Percent decided in time."""
        found = self.figure
        if found is None:
            return None
        return self._share(found.on_time, found.decided, found.late_hidden)

    @property
    def median_days(self) -> float | None:
        """Median of the days from hand-in to decision, where at least five were decided."""
        found = self.figure
        if found is None or found.hidden or found.decided < MINIMUM:
            return None
        return found.median_days

    @property
    def corrected(self) -> int | None:
        """Percent in which something had to be put right."""
        found = self.figure
        if found is None:
            return None
        return self._share(found.corrected, found.received, found.corrected_hidden)

    @property
    def refused(self) -> int | None:
        """Percent of the decided that were refused."""
        found = self.figure
        if found is None:
            return None
        return self._share(found.refused, found.decided, found.refused_hidden)

    @property
    def granted(self) -> Decimal | None:
        """Yuan that were approved."""
        found = self.figure
        if found is None:
            return Decimal(0)
        return None if found.hidden or found.granted_hidden else found.granted

    @property
    def paid(self) -> Decimal | None:
        """Yuan that were paid."""
        found = self.figure
        if found is None:
            return Decimal(0)
        return None if found.hidden or found.granted_hidden else found.paid

    @property
    def ratings(self) -> int | None:
        """How many rated; None below five."""
        found = self.figure
        if found is None:
            return 0
        return None if found.hidden or found.ratings_hidden else found.ratings

    @property
    def satisfied(self) -> int | None:
        """Percent of the ratings that are not bad."""
        found = self.figure
        if found is None:
            return None
        return self._share(found.satisfied, found.ratings, found.ratings_hidden)


@dataclass(frozen=True)
class Reason:
    """How many were refused for a reason; `count` is None where it may not be shown."""

    name: Any
    count: int | None


@dataclass(frozen=True)
class BudgetRow:
    """A budget beside what was approved; None where it may not be shown or there is none."""

    item: SupportItem
    budget: Decimal | None
    used: Decimal | None

    @property
    def percent(self) -> int | None:
        """How much of the budget is used."""
        if not self.budget or self.used is None:
            return None
        return round(self.used * 100 / self.budget)


@dataclass(frozen=True)
class Report:
    """Everything the page, the workbook and the bulletin show."""

    year: int
    item: SupportItem | None
    unit: Unit | None
    made_at: Any
    total: Row
    by_item: list[Row]
    by_unit: list[Row]
    by_month: list[Row]
    reasons: list[Reason]
    budgets: list[BudgetRow]
    years: list[int]


def chosen(request: HttpRequest) -> tuple[int, SupportItem | None, Unit | None]:
    """Return year, item and unit of the address; what makes no sense counts as nothing."""
    text = request.GET.get("year", "")
    sensible = text.isascii() and text.isdecimal() and len(text) == 4
    year = int(text) if sensible else timezone.localdate().year
    item, unit = (plain_text(request.GET.get(name, "")) for name in ("item", "unit"))
    return (
        year,
        SupportItem.objects.filter(code=item).first() if item else None,
        Unit.objects.filter(code=unit).first() if unit else None,
    )


def report(year: int, item: SupportItem | None, unit: Unit | None) -> Report:
    """Return the figures of a year, of all or of one item and unit; a fixed number of queries."""
    runs = {run.year: run.made_at for run in FigureRun.objects.all()}
    figures = Figure.objects.filter(year=year).order_by()
    of_item, of_unit = figures.filter(item=item), figures.filter(unit=unit)
    items = list(SupportItem.objects.order_by("order", "pk"))
    by_item = {row.item_id: row for row in of_unit.filter(month=None)}
    by_unit = {row.unit_id: row for row in of_item.filter(month=None).select_related("unit")}
    by_month = {row.month: row for row in of_item.filter(unit=unit)}
    units = sorted(
        (row.unit for row in by_unit.values() if row.unit is not None), key=lambda one: one.path
    )
    return Report(
        year=year,
        item=item,
        unit=unit,
        made_at=runs.get(year),
        total=Row("", by_month.get(None)),
        by_item=[Row(one.name, by_item[one.pk]) for one in items if one.pk in by_item],
        by_unit=[Row(one.name, by_unit[one.pk]) for one in units],
        by_month=[Row(month, by_month.get(month)) for month in range(1, 13)],
        reasons=_reasons(year, item, unit, by_month.get(None)),
        budgets=_budgets(year, [item] if item else items, unit, by_item),
        years=sorted({*runs, timezone.localdate().year}, reverse=True),
    )


def _reasons(
    year: int, item: SupportItem | None, unit: Unit | None, total: Figure | None
) -> list[Reason]:
    if unit is not None or total is None or total.hidden or total.refused_hidden:
        return []
    rows = RefusalFigure.objects.filter(year=year, item=item).order_by("-count", "reason")
    return [
        Reason(REASONS.get(row.reason, REASONS["other"]), None if row.hidden else row.count)
        for row in rows
    ]


def _budgets(
    year: int, items: list[SupportItem], unit: Unit | None, by_item: dict[Any, Figure]
) -> list[BudgetRow]:
    """Return budgets beside what is used; not for a unit, because budgets are of items."""
    if unit is not None:
        return []
    rows = []
    for standing in standings(items, year):
        figure = by_item.get(standing.item.pk)
        concealed = figure is not None and (figure.hidden or figure.granted_hidden)
        used = standing.reserved + standing.spent
        if standing.amount is not None or used:
            rows.append(BudgetRow(standing.item, standing.amount, None if concealed else used))
    return rows
