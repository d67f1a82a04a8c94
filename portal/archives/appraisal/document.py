"""A destruction list on paper, in the form in which archives keep it (档案销毁清册)."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from portal.archives.appraisal.source import KIND_NAME, PERIOD_WORDS
from portal.archives.models import DestructionList, RetentionPeriod
from portal.archives.pdf import pdf_from_html


def list_pdf(found: DestructionList) -> bytes:
    """Return the list as PDF: head, basis, every record, and who signed when."""
    with override("zh-hans"):
        html = render_to_string(
            "archives/rendition/destruction_list.html",
            {
                "title": f"{KIND_NAME}（{found.number}）",
                "site": settings.SITE_NAME,
                "list": found,
                "entries": [
                    {"entry": entry, "period": PERIOD_WORDS[RetentionPeriod(entry.period)]}
                    for entry in found.entries.order_by("archive_code", "pk")
                ],
                "witnesses": list(found.witnesses.all()),
                "destroyed": found.entries.filter(destroyed_at__isnull=False).count(),
            },
        )
    return pdf_from_html(html)
