"""The charts of the statistics and of the dashboard."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.archives.statistics.annual import FormatRow, ReturnRow
from portal.archives.statistics.filings import Filings
from portal.archives.statistics.lags import GROUP_NAMES, Lag
from portal.archives.statistics.lifecycle import LifeCycle, MonthFlow
from portal.charts import BarChart, Chart, LineChart, RowChart, Series

# More formats than these are few files each; the table of the export has all.
MOST_FORMATS = 12
BYTES_PER_MEGABYTE = 1024 * 1024


def _short_months() -> list[str]:
    return [str(month) for month in range(1, 13)]


def filed_by_month(filings: Filings, year: int) -> Chart:
    """Draw filed, accepted and expected of the monthly duties."""
    total = filings.year
    return BarChart(
        _("Filed against expected by month"),
        _("%(year)d: %(counted)d of %(expected)d expected filings are there.")
        % {"year": year, "counted": total.counted, "expected": total.expected},
        _("Month"),
        _short_months(),
        [
            Series(_("Expected"), [month.expected for month in filings.months]),
            Series(_("Filed"), [month.filed for month in filings.months]),
            Series(_("Accepted"), [month.accepted for month in filings.months]),
        ],
        _("items"),
        "filed",
    )


def completeness_by_quarter(filings: Filings) -> Chart:
    """Draw the score of all units by quarter."""
    return LineChart(
        _("Completeness by quarter"),
        _("Filed of expected filings in percent, all units together."),
        _("Quarter"),
        [_("quarter %(quarter)d") % {"quarter": number} for number in range(1, 5)],
        [Series(_("Completeness"), [part.percent for part in filings.quarters])],
        "%",
        "completeness",
    )


def time_taken(lags: list[tuple[str, Lag]]) -> Chart:
    """Draw in how many days records were captured and accepted."""
    return BarChart(
        _("Records by days taken"),
        "；".join(
            _("%(step)s: median %(median)s days, nine of ten within %(ninety)s days")
            % {
                "step": name,
                "median": "—" if lag.median is None else lag.median,
                "ninety": "—" if lag.ninety is None else lag.ninety,
            }
            for name, lag in lags
        ),
        _("Days"),
        GROUP_NAMES,
        [Series(name, lag.groups) for name, lag in lags],
        _("items"),
        "lags",
    )


def returns(rows: list[ReturnRow]) -> Chart:
    """Draw how many items were returned for each reason."""
    return RowChart(
        _("Returned items by reason"),
        _("By the reason of the last return of each item."),
        _("Reason"),
        [row.name for row in rows],
        [Series(_("Items"), [row.items for row in rows])],
        _("items"),
        "returns",
    )


def sizes(rows: list[FormatRow]) -> Chart:
    """Draw how much room the largest formats take."""
    shown = rows[:MOST_FORMATS]
    return RowChart(
        _("Size by format"),
        _("The formats that take most room."),
        _("Format"),
        [row.name for row in shown],
        [Series(_("Size"), [round(row.bytes / BYTES_PER_MEGABYTE, 1) for row in shown])],
        "MB",
        "sizes",
    )


def life_cycle(found: LifeCycle) -> Chart:
    """Draw where all records stand."""
    return RowChart(
        _("Where all records stand"),
        _("%(accepted)d records are accepted, %(pool)d wait in the pool.")
        % {"accepted": found.accepted, "pool": found.pool},
        _("State"),
        [
            *(_("Captured, files being made"), _("In the pool"), _("Returned to the unit")),
            *(_("Accepted"), _("Kept apart"), _("Replaced before acceptance")),
        ],
        [
            Series(
                _("Records"),
                [
                    *(found.captured, found.pool, found.returned),
                    *(found.accepted, found.apart, found.superseded),
                ],
            )
        ],
        _("items"),
        "states",
    )


def flow(months: list[MonthFlow], year: int) -> Chart:
    """Draw captures and acceptances by month."""
    return LineChart(
        _("Captured and accepted by month"),
        _("Records of %(year)d by the month in which they were captured and accepted.")
        % {"year": year},
        _("Month"),
        _short_months(),
        [
            Series(_("Captured"), [month.captured for month in months]),
            Series(_("Accepted"), [month.accepted for month in months]),
        ],
        _("items"),
        "flow",
    )
