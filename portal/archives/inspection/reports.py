"""What the inspection report shows, on the page and as PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from portal.archives.inspection.table import CHECKS, GROUPS, Check
from portal.archives.models import Inspection, InspectionResult, Outcome, Record
from portal.archives.pdf import pdf_from_html

EARLIER_SHOWN = 10


@dataclass(frozen=True)
class Line:
    """One check with its result."""

    check: Check
    result: InspectionResult

    @property
    def code(self) -> str:
        """The code with the abbreviation of its stage."""
        return f"{self.result.inspection.stage}-{self.result.code}"


@dataclass(frozen=True)
class Group:
    """One of the four properties with its lines and how many of each result there are."""

    name: str
    lines: list[Line]

    @property
    def counts(self) -> list[tuple[Any, int]]:
        """Results and their number, those that occur; numbers to read, never a score."""
        found = [line.result.outcome for line in self.lines]
        return [
            (outcome.label, found.count(outcome)) for outcome in Outcome if found.count(outcome)
        ]


def report(inspection: Inspection) -> dict[str, Any]:
    """Return the context of a report."""
    results = list(inspection.results.order_by("position"))
    for result in results:
        result.inspection = inspection
    lines = [Line(CHECKS[result.code], result) for result in results if result.code in CHECKS]
    groups = [
        Group(name, [line for line in lines if line.check.group == number])
        for number, name in GROUPS.items()
    ]
    return {
        "inspection": inspection,
        "record": inspection.record,
        "groups": [group for group in groups if group.lines],
        "blocking_lines": [line for line in lines if line.result.blocks],
        "not_run_lines": [line for line in lines if line.result.outcome == Outcome.NOT_RUN],
    }


def earlier(record: Record) -> list[Inspection]:
    """Return the newest inspections of a record."""
    return list(record.inspections.select_related("inspected_by__person")[:EARLIER_SHOWN])


def report_pdf(inspection: Inspection) -> bytes:
    """Return a report as PDF/A, in Chinese."""
    with override("zh-hans"):
        html = render_to_string(
            "archives/rendition/inspection_report.html",
            {**report(inspection), "title": "电子档案四性检测报告"},
        )
    return pdf_from_html(html)
