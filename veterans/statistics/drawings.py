"""The charts of the statistics; what may not be shown is drawn as nothing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.charts import BarChart, Chart, LineChart, RowChart, Series
from veterans.statistics.reading import Report


def handed_in_by_month(report: Report) -> Chart:
    """Draw what was handed in and decided by month."""
    return BarChart(
        _("Handed in and decided by month"),
        _("By the month in which they were handed in."),
        _("Month"),
        [str(row.name) for row in report.by_month],
        [
            Series(_("Handed in"), [row.received for row in report.by_month]),
            Series(_("Decided"), [row.decided for row in report.by_month]),
        ],
        _("items"),
        "handed-in",
    )


def on_time_by_month(report: Report) -> Chart:
    """Draw the share that was decided in time, and the share that is satisfied."""
    return LineChart(
        _("On time and satisfied by month"),
        _("Percent of the decided and of those who rated."),
        _("Month"),
        [str(row.name) for row in report.by_month],
        [
            Series(_("On time"), [row.on_time for row in report.by_month]),
            Series(_("Satisfied"), [row.satisfied for row in report.by_month]),
        ],
        "%",
        "on-time",
    )


def refusals(report: Report) -> Chart:
    """Draw the refusals by reason."""
    return RowChart(
        _("Refusals by reason"),
        _("Reasons below five people are not shown."),
        _("Reason"),
        [row.name for row in report.reasons],
        [Series(_("Items"), [row.count for row in report.reasons])],
        _("items"),
        "refusals",
    )


def budgets(report: Report) -> Chart:
    """Draw how much of each budget is approved or paid."""
    rows = [row for row in report.budgets if row.budget]
    return RowChart(
        _("Amounts against budget"),
        _("Approved and paid, in percent of the budget of each item."),
        _("Matter"),
        [row.item.name for row in rows],
        [Series(_("Used"), [row.percent for row in rows])],
        "%",
        "budgets",
    )


def charts(report: Report) -> list[Chart]:
    """Return the charts of the page."""
    found = [handed_in_by_month(report), on_time_by_month(report)]
    if report.reasons:
        found.append(refusals(report))
    if any(row.budget for row in report.budgets):
        found.append(budgets(report))
    return [chart for chart in found if not chart.is_empty]
