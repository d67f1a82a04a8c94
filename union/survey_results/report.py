"""The report of a survey as PDF in the form of an official document."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from portal.archives.pdf import pdf_from_html
from union.models import ImprovementState, Survey
from union.survey_results.reading import Reading

STRONGEST = 3


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
    states = {code: str(label) for code, label in ImprovementState.choices}
    with override("zh-hans"):
        html = render_to_string(
            "union/survey_results/report_pdf.html",
            {
                "survey": survey,
                "reading": reading,
                "weakest": ordered[:STRONGEST],
                "strongest": ordered[::-1][:STRONGEST],
                "comments": comments,
                "improvements": [row | {"state": states[row["state"]]} for row in improvements],
                "today": timezone.localdate(),
            },
        )
    return pdf_from_html(html)
