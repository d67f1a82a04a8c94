"""The report of a survey as PDF in the form of an official document."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import override

from portal.archives.pdf import pdf_from_html
from union.models import ImprovementState, Survey
from union.survey_results.reading import Reading

STRONGEST = 3
ORDINALS = "一二三四五六"


def report_pdf(
    survey: Survey,
    reading: Reading,
    comments: list[dict[str, Any]],
    improvements: list[dict[str, Any]],
) -> bytes:
    """Return the report: how it was done, results, what people said, what will be done."""
    ordered = (
        [row for row in reading.questions if row.score.now is not None] if (reading.enough) else []
    )
    with override("zh-hans"):
        html = render_to_string(
            "union/survey_results/report_pdf.html",
            {
                "survey": survey,
                "reading": reading,
                "weakest": ordered[:STRONGEST],
                "strongest": ordered[::-1][:STRONGEST],
                "comments": comments,
                "improvements": [_printed(row) for row in improvements],
                "titles": _titles(reading, comments, improvements),
                "opened_on": parse_date(reading.facts["opened_on"]),
                "closed_on": parse_date(reading.facts["closed_on"]),
                "today": timezone.localdate(),
            },
        )
    return pdf_from_html(html)


def _printed(row: dict[str, Any]) -> dict[str, Any]:
    """Return a line of the improvement list with words and days as they are printed."""
    days = [step | {"day": parse_date(step["day"])} for step in row["progress"]]
    return row | {
        "state": ImprovementState(row["state"]).label,
        "due_on": parse_date(row["due_on"]),
        "progress": days,
    }


def _titles(
    reading: Reading, comments: list[dict[str, Any]], improvements: list[dict[str, Any]]
) -> dict[str, str]:
    """Return the titles of the parts that the report has, numbered without a gap."""
    enough = reading.enough
    parts = (
        ("survey", "调查概况", True),
        ("whole", "总体结果", enough),
        ("groups", "分组结果", enough and reading.heat),
        ("questions", "各题结果", enough and reading.questions),
        ("comments", "职工意见摘录", enough and comments),
        ("improvements", "整改清单", improvements),
    )
    present = [(code, title) for code, title, is_there in parts if is_there]
    return {
        code: f"{number}、{title}" for number, (code, title) in zip(ORDINALS, present, strict=False)
    }
