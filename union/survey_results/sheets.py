"""The results of a survey as Excel: exactly what the page shows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from portal.spreadsheets import add_heading, add_row, add_sheet
from union.models import ImprovementState
from union.survey_results.reading import HIDDEN, HeatTable, Reading, item_name, level_words


def workbook(reading: Reading, improvements: list[dict[str, Any]]) -> Workbook:
    """Return the workbook: overview, questions, choices, one sheet for each kind of groups."""
    book = Workbook(write_only=True)
    _overview(book, reading)
    if reading.enough:
        _questions(book, reading)
        _choices(book, reading)
        for table in (*reading.heat, *reading.crossed):
            _heat(book, table, table.name)
        for table in reading.heat_by_question:
            _heat(book, table, _("%(group)s, by question") % {"group": table.name})
    if improvements:
        _improvements(book, improvements)
    return book


def _shown(value: Any) -> Any:
    return HIDDEN if value is None else value


def _overview(book: Workbook, reading: Reading) -> None:
    sheet = add_sheet(book, _("Overview"), (30, 16, 20))
    add_heading(sheet, (reading.facts["title"], "", ""))
    add_row(sheet, (_("Invited people"), reading.content["invited"], ""))
    if not reading.enough:
        add_row(sheet, (_("Too few answered. Nothing is shown."), "", ""))
        return
    add_row(sheet, (pgettext("survey", "Answers"), reading.content["answered"], ""))
    add_row(sheet, (_("Turnout, percent"), reading.content["rate"], ""))
    add_row(sheet, (_("Score of the whole"), _shown(reading.overall.now), reading.overall.words))
    add_heading(sheet, (_("Dimension"), _("Score"), _("Compared with the last time")))
    for row in reading.dimensions:
        add_row(sheet, (row.name, _shown(row.score.now), row.score.words))


def _questions(book: Workbook, reading: Reading) -> None:
    sheet = add_sheet(book, _("Questions"), (50, 10, 10, 10, 16))
    add_heading(
        sheet,
        (
            *(_("Question"), _("Score"), _("Mean"), _("Content, percent")),
            *(_("Compared with the last time"), _("Levels, percent, from worst to best")),
        ),
    )
    changes = {row.code: row.score.words for row in reading.questions}
    for row in reading.levels:
        whole = row["whole"] or {}
        shares = whole.get("shares") or [None] * len(level_words(row))
        add_row(
            sheet,
            (
                *(item_name(row), _shown(whole.get("score")), _shown(whole.get("mean"))),
                *(_shown(whole.get("favourable")), changes[row["item"]]),
                *(_shown(share) for share in shares),
            ),
        )


def _choices(book: Workbook, reading: Reading) -> None:
    if not reading.choices and not reading.nets:
        return
    sheet = add_sheet(book, pgettext("survey", "Choices"), (50, 30, 12))
    add_heading(sheet, (_("Question"), _("Answer"), _("Percent")))
    for table in reading.choices:
        for name, share in table.rows:
            add_row(sheet, (table.text, name, share))
        if table.note:
            add_row(sheet, (table.text, table.note, HIDDEN))
    for net in reading.nets:
        add_row(sheet, (net.text, _("Mean"), _shown(net.mean)))
        add_row(sheet, (net.text, _("For it less against it"), _shown(net.net)))


def _heat(book: Workbook, table: HeatTable, title: str) -> None:
    sheet = add_sheet(book, title.replace("/", " "), (30, *([14] * len(table.columns))))
    add_heading(sheet, (table.name, *table.columns))
    for name, cells in table.rows:
        add_row(sheet, (name, *(int(cell.words) if cell.step else HIDDEN for cell in cells)))


def _improvements(book: Workbook, improvements: list[dict[str, Any]]) -> None:
    sheet = add_sheet(book, _("Improvement list"), (40, 50, 24, 14, 12, 50))
    add_heading(
        sheet,
        (
            *(
                _("What was found"),
                _("What will be done"),
                pgettext("improvement", "Responsible unit"),
            ),
            *(_("Due on"), pgettext("improvement", "State"), _("Progress")),
        ),
    )
    for row in improvements:
        steps = "\n".join(f"{step['day']} {step['words']}" for step in row["progress"])
        state = str(ImprovementState(row["state"]).label)
        add_row(sheet, (row["problem"], row["measure"], row["unit"], row["due_on"], state, steps))
