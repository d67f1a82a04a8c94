"""The figures of suggestions and the register of awards, by class, by unit and by year."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from openpyxl import Workbook

from portal.spreadsheets import add_heading, add_row, add_sheet
from union.models import Award, Suggestion

ADOPTED_STATES = ("adopted", "implemented", "verified", "awarded", "closed")


@dataclass(frozen=True)
class Line:
    """One line: counts of suggestions, verified benefit and awards in yuan."""

    name: str
    received: int
    adopted: int
    deferred: int
    declined: int
    awarded: int
    benefit: Decimal
    amount: Decimal

    @property
    def adoption(self) -> int | None:
        """The share that was adopted, of those decided, in percent."""
        decided = self.adopted + self.deferred + self.declined
        return round(100 * self.adopted / decided) if decided else None


COUNTED: dict[str, Any] = {
    "received": Count("pk"),
    "adopted": Count("pk", filter=Q(case__state__in=ADOPTED_STATES)),
    "deferred": Count("pk", filter=Q(case__state="deferred")),
    "declined": Count("pk", filter=Q(case__state="declined")),
    "awarded": Count("pk", filter=Q(case__state="awarded")),
    "benefit": Sum("award__benefit"),
    "amount": Sum("award__amount"),
}


def of_year(year: int) -> QuerySet[Suggestion]:
    """Return the suggestions handed in within a year."""
    return Suggestion.objects.filter(case__sequence__gt=0, case__submitted_at__year=year)


def years() -> list[int]:
    """Return the years with suggestions, the newest first; this one at least."""
    handed_in = Suggestion.objects.filter(case__sequence__gt=0).order_by()
    found = {day.year for day in handed_in.dates("case__submitted_at", "year")}
    return sorted(found | {datetime.date.today().year}, reverse=True)


def _line(name: str, row: dict[str, Any]) -> Line:
    counts = {key: row[key] for key in ("received", "adopted", "deferred", "declined", "awarded")}
    benefit, amount = row["benefit"] or Decimal(0), row["amount"] or Decimal(0)
    return Line(name=name, **counts, benefit=benefit, amount=amount)


def lines(year: int, by: str, order: str) -> list[Line]:
    """Return a line for each value of a field, by one query."""
    rows = of_year(year).order_by().values(by, order).annotate(**COUNTED).order_by(order)
    return [_line(row[by], row) for row in rows]


def by_class(year: int) -> list[Line]:
    """Return the figures by class."""
    return lines(year, "suggestion_class__name", "suggestion_class__order")


def by_unit(year: int) -> list[Line]:
    """Return the figures by the unit that reviews."""
    return lines(year, "case__unit__name", "case__unit__path")


def total(year: int) -> Line:
    """Return the figures altogether."""
    return _line("合计", of_year(year).aggregate(**COUNTED))


def awards_of(year: int) -> QuerySet[Award]:
    """Return the register of awards of a year, the newest first."""
    return (
        Award.objects.filter(decided_on__year=year)
        .select_related(
            "suggestion__case__applicant",
            "suggestion__suggestion_class",
            "unit",
            "tier",
            "benefit_tier",
            "decided_by__person",
        )
        .prefetch_related("suggestion__co_authors")
        .order_by("-decided_on", "-pk")
    )


def authors_of(suggestion: Suggestion) -> str:
    """Return the names of all authors."""
    people = [suggestion.case.applicant, *suggestion.co_authors.all()]
    return "、".join(person.name for person in people if person is not None)


def workbook(year: int) -> Workbook:
    """Return register and figures as a workbook whose texts are never computed."""
    book = Workbook(write_only=True)
    sheet = add_sheet(book, "奖励台账", (18, 36, 10, 24, 24, 10, 16, 16, 10, 12, 14))
    add_heading(
        sheet,
        ("编号", "名称", "类别", "建议人", "单位", "平均分", "效益档次", "核定年效益（元）")
        + ("奖励", "奖金（元）", "决定日期"),
    )
    rows = list(awards_of(year))
    for award in rows:
        suggestion = award.suggestion
        add_row(
            sheet,
            (
                suggestion.case.number,
                suggestion.case.item,
                suggestion.suggestion_class.name,
                authors_of(suggestion),
                award.unit.name,
                award.points,
                award.benefit_tier.name,
                award.benefit,
                award.tier.name,
                award.amount,
                award.decided_on,
            ),
        )
    amount = sum((award.amount for award in rows), Decimal(0))
    benefit = sum((award.benefit for award in rows), Decimal(0))
    add_row(sheet, ("合计", f"{len(rows)}项", "", "", "", "", "", benefit, "", amount, ""))
    for title, first, found in (
        ("按类别", "类别", by_class(year)),
        ("按单位", "单位", by_unit(year)),
    ):
        sheet = add_sheet(book, title, (28, 10, 10, 10, 10, 10, 16, 14))
        add_heading(
            sheet,
            (first, "收到", "采纳", "暂缓", "不采纳", "获奖", "核定年效益（元）", "奖金（元）"),
        )
        for line in [*found, total(year)]:
            add_row(
                sheet,
                (line.name, line.received, line.adopted, line.deferred, line.declined)
                + (line.awarded, line.benefit, line.amount),
            )
    return book
