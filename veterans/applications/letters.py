"""The letters of an application as PDF: what was decided, on which rule, what can be done.

A letter is made from the event that it tells of and from what stood beside it at that moment, so
the same letter comes out whenever it is asked for.

Source of the wording: 行政许可法第三十二条、第三十八条 as a model.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.archives.pdf import pdf_from_html
from portal.cases.models import Case, CaseClock, CaseDocument, CaseEvent
from portal.cases.permissions import may_read
from portal.people.models import User
from veterans.applications.granting import granted_words
from veterans.models import Application

FLOW = "veterans-support"


@dataclass(frozen=True)
class Kind:
    """One kind of letter.

    Attributes:
        title: as it stands in red above the letter.
        clause: the rule it rests on.
        template: its body under templates/veterans/letters/.
    """

    title: str
    name: Any
    template: str
    clause: str = ""


KINDS: dict[str, Kind] = {
    "submit": Kind("申请材料接收凭证", _("Receipt"), "receipt"),
    "request_correction": Kind(
        "补正材料一次性告知书", _("Correction notice"), "correction", "行政许可法第三十二条第四项"
    ),
    "request_again": Kind(
        "再次补正告知书", _("Second correction notice"), "correction", "由领导说明理由后作出"
    ),
    "accept": Kind("受理通知书", _("Notice of acceptance"), "acceptance", "行政许可法第三十二条"),
    "auto_accept": Kind(
        "受理通知书", _("Notice of acceptance"), "acceptance", "行政许可法第三十二条"
    ),
    "decline": Kind("不予受理决定书", _("Decision not to accept"), "refusal"),
    "approve": Kind("优待申请审批决定书", _("Decision letter"), "approval"),
    "approve_directly": Kind("优待申请审批决定书", _("Decision letter"), "approval"),
    "approve_in_kind": Kind("优待申请审批决定书", _("Decision letter"), "approval"),
    "reject": Kind(
        "不予通过决定书", _("Decision not to approve"), "refusal", "行政许可法第三十八条第二款"
    ),
    "provide": Kind("落实通知书", _("Notice of what was arranged"), "provision"),
    "confirm_payment": Kind("发放通知书", _("Notice of payment"), "payment"),
}


@dataclass(frozen=True)
class Letter:
    """One letter that was sent."""

    title: Any
    url: str
    sent_at: Any


def letters_of(case: Case) -> list[Letter]:
    """Return the letters of a case, the newest first."""
    events = case.events.filter(transition__in=KINDS).order_by("-sequence")
    return [
        Letter(
            KINDS[event.transition].name,
            reverse("support_letter", args=[case.pk, event.sequence]),
            event.at,
        )
        for event in events
    ]


def _clocks_at(event: CaseEvent) -> dict[str, CaseClock]:
    """Return the time limits that ran when a letter was written, by their code."""
    day = timezone.localdate(event.at)
    started = CaseClock.objects.filter(case=event.case_id, started_on__lte=day).order_by("pk")
    return {clock.code: clock for clock in started}


def _documents_at(event: CaseEvent) -> list[CaseDocument]:
    """Return the papers that counted when a letter was written."""
    rows = CaseDocument.objects.filter(case=event.case_id, letter=False, added_at__lte=event.at)
    return list(rows.filter(Q(replaced_at=None) | Q(replaced_at__gt=event.at)))


def letter_pdf(case: Case, event: CaseEvent) -> bytes:
    """Return a letter as PDF/A."""
    application: Application = case.subject
    kind = KINDS[event.transition]
    with override("zh-hans"):
        html = render_to_string(
            f"veterans/letters/{kind.template}.html",
            {
                "title": kind.title,
                "kind": kind,
                "case": case,
                "event": event,
                "application": application,
                "granted": granted_words(application),
                "standard": application.version.standard if application.version else None,
                "clocks": _clocks_at(event),
                "due_on": parse_date(event.data.get("due_on", "")),
                "documents": _documents_at(event),
            },
        )
    return pdf_from_html(html)


@never_cache
@require_GET
def letter(request: HttpRequest, case_id: uuid.UUID, sequence: int) -> HttpResponse:
    """Hand out a letter to those who may read the case."""
    case = get_object_or_404(Case.objects.select_related("unit"), pk=case_id, flow=FLOW)
    user = request.user
    if not isinstance(user, User) or not may_read(user, case):
        raise Http404
    event = get_object_or_404(CaseEvent, case=case, sequence=sequence, transition__in=KINDS)
    response = HttpResponse(letter_pdf(case, event), content_type="application/pdf")
    name = f"{KINDS[event.transition].title}（{case.number}）.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
