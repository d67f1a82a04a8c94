"""The letter of a second look as PDF: reason, clause and what can still be done."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import override

from portal.archives.pdf import pdf_from_html
from portal.cases.models import Case, CaseEvent
from veterans.models import Appeal

TITLES = {"uphold": "复核决定书（重新办理）", "dismiss": "复核决定书（维持原决定）"}


def letter_pdf(case: Case, event: CaseEvent) -> bytes:
    """Return the letter as PDF/A."""
    appeal: Appeal = case.subject
    first = appeal.of_case
    application = first.subject
    decision = first.events.filter(sequence=appeal.decided_sequence).first()
    with override("zh-hans"):
        html = render_to_string(
            "veterans/letters/appeal.html",
            {
                "title": TITLES[event.transition],
                "kind": case.table.transition(event.transition),
                "case": case,
                "event": event,
                "appeal": appeal,
                "first": first,
                "decision": decision,
                "application": application,
                "standard": application.version.standard if application.version else None,
            },
        )
    return pdf_from_html(html)


def letter_response(case: Case, event: CaseEvent) -> HttpResponse:
    """Return the letter as a file to keep."""
    response = HttpResponse(letter_pdf(case, event), content_type="application/pdf")
    name = f"{TITLES[event.transition]}（{case.number}）.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
