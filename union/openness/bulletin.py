"""The yearly bulletin of opinions: numbers frozen with the page that publishes them."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from portal.charts import BarChart, Chart, RowChart, Series
from portal.pages.blocks.written import table_block
from portal.people.models import User
from portal.publishing.services import submit_for_review
from portal.refusals import ChangedMeanwhile, NotPossible
from portal.roles.permissions import has_role
from union.models import OpinionBulletinPage, UnionIndexPage
from union.opinions.counting import count_year
from union.opinions.figure_sheets import headings, tables
from union.opinions.figures import Chosen, Report, Row, report
from union.opinions.permissions import OFFICE

VALUES = ("received", "answered", "median", "late", "satisfied")
HIDDEN = "—"


def frozen(found: Report) -> dict[str, Any]:
    """Return the numbers of a report as plain values; a hidden line holds none."""
    return {
        "year": found.chosen.year,
        "tables": [
            {
                "code": code,
                "title": str(title),
                "heading": [str(word) for word in headings(heading)],
                "rows": [_frozen_row(row) for row in rows],
            }
            for code, title, heading, rows in tables(found)
        ],
    }


def _frozen_row(row: Row) -> list[Any]:
    if row.hidden:
        return [str(row.name), *([None] * len(VALUES))]
    if not row.received:
        # Nothing and hidden look alike.
        return [str(row.name), *([None] * len(VALUES))]
    return [str(row.name), *(getattr(row, name) for name in VALUES)]


def _table_block(table: dict[str, Any]) -> dict[str, Any]:
    rows = [
        [row[0], *(HIDDEN if value is None else f"{value:g}" for value in row[1:])]
        for row in table["rows"]
    ]
    return table_block(table["title"], table["heading"], rows, row_headers=True)


@transaction.atomic
def write_bulletin(user: User, year: int) -> OpinionBulletinPage:
    """Write the bulletin of a year from figures counted now, and hand it to review.

    Raises:
        NotPossible: the account is not of the union's office, or there is nothing to say.
        ChangedMeanwhile: the bulletin of the year is written.
    """
    if not has_role(user, OFFICE):
        raise NotPossible(_("The union office writes the bulletin."))
    index = UnionIndexPage.objects.select_for_update(of=("self",)).get()
    if OpinionBulletinPage.objects.filter(year=year).exists():
        raise ChangedMeanwhile(_("The bulletin of %(year)d is written already.") % {"year": year})
    if not count_year(year):
        raise NotPossible(_("No opinion came in %(year)d.") % {"year": year})
    with override("zh-hans"):
        figures = frozen(report(Chosen(year)))
        note = (
            "<p>本公报的数字以各季度统计为准。人数少于五件的项目和据此可以推算出它的项目不公布，"
            "以“—”表示。廉洁举报由纪检部门办理，不在统计之内。</p>"
        )
    body = [
        {"type": "text", "value": note},
        *(_table_block(table) for table in figures["tables"]),
    ]
    page = OpinionBulletinPage(
        title=_("Opinions of %(year)d: what came in and what became of it") % {"year": year},
        year=year,
        figures=figures,
        body=json.dumps(body, ensure_ascii=False),
        owner=user,
        live=False,
    )
    index.add_child(instance=page)
    page.save_revision(user=user, log_action=True)
    submit_for_review(page, user)
    return page


def _column(table: dict[str, Any], name: str) -> list[Any]:
    place = VALUES.index(name) + 1
    return [row[place] or None for row in table["rows"]]


def charts_of(figures: dict[str, Any]) -> list[Chart]:
    """Return the drawings of frozen numbers."""
    by_code = {table["code"]: table for table in figures.get("tables", [])}
    found: list[Chart] = []
    if (quarters := by_code.get("by-quarter")) is not None:
        found.append(
            BarChart(
                _("Received and answered by quarter"),
                _("By the quarter in which they came in."),
                quarters["heading"][0],
                [row[0] for row in quarters["rows"]],
                [
                    Series(quarters["heading"][1], _column(quarters, "received")),
                    Series(quarters["heading"][2], _column(quarters, "answered")),
                ],
                pgettext("opinions", "items"),
                "received",
            )
        )
    if (categories := by_code.get("by-category")) is not None:
        # The last line is the total.
        rows = [row for row in categories["rows"][:-1] if row[1]]
        found.append(
            RowChart(
                _("Opinions by category"),
                _("Categories below five opinions are not shown."),
                categories["heading"][0],
                [row[0] for row in rows],
                [Series(categories["heading"][1], [row[1] for row in rows])],
                pgettext("opinions", "items"),
                "categories",
            )
        )
    return [chart for chart in found if chart.categories and not chart.is_empty]
