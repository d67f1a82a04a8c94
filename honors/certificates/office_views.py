"""Certificates and plates for the office: one at once, many by the worker."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from honors.awards.listing import Choice
from honors.awards.office_views import filter_choices, for_preparers, for_readers
from honors.awards.permissions import may_see_office
from honors.certificates import batches
from honors.certificates.document import certificates_pdf, plates_pdf
from honors.models import Award, AwardState, CertificateBatch, SheetKind
from portal.office_pages import METHODS, account, guarded
from portal.refusals import Refusal

PAGE_SIZE = 20


def pdf_response(body: bytes, name: str) -> HttpResponse:
    """Hand out a PDF under a name, to be shown in the browser."""
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


@require_safe
@guarded(lambda user: user.is_authenticated)
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the certificate of one award to the office and to whom it was given.

    Of a revoked one the sheet says so.

    Raises:
        PermissionDenied: it is somebody else's.
    """
    award = Award.objects.confirmed().filter(pk=pk).first()
    person_id = account(request).person_id
    own = award is not None and person_id is not None and award.person_id == person_id
    if not (may_see_office(request.user) or own):
        raise PermissionDenied
    if award is None:
        raise Http404(_("There is no such award."))
    return pdf_response(certificates_pdf([award]), f"荣誉证书 {award.number}.pdf")


@require_safe
@for_readers
def plate(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the plate for the site of one award."""
    award = get_object_or_404(Award.objects.confirmed().filter(title__has_plate=True), pk=pk)
    return pdf_response(plates_pdf([award]), f"标牌 {award.number}.pdf")


@require_http_methods(METHODS)
@for_preparers
def batch_list(request: HttpRequest) -> HttpResponse:
    """Show what would be drawn and what was ordered; order what is chosen."""
    query = request.POST if request.method == "POST" else request.GET
    choice = Choice.of(query)
    if request.method == "POST":
        kind = SheetKind.PLATES if "plates" in query else SheetKind.CERTIFICATES
        try:
            made = batches.order(kind, choice.rows(), choice.words(), account(request))
        except Refusal as refusal:
            return _batches(request, choice, refusal.status, refusal=refusal)
        return redirect("honor_batch", made.pk)
    return _batches(request, choice)


def _batches(request: HttpRequest, choice: Choice, status: int = 200, **more: Any) -> HttpResponse:
    counting: Any = choice.rows()
    counting = counting.counting()
    rows = batches.with_progress(CertificateBatch.objects.select_related("requested_by__person"))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "choice": choice,
        "count": counting.count(),
        "plates": counting.filter(title__has_plate=True).count(),
        "page_obj": page,
        **filter_choices(),
        "states": [pair for pair in AwardState.choices if pair[0] != AwardState.REVOKED],
        **more,
    }
    return render(request, "honors/certificates/batches.html", context, status=status)


@require_http_methods(METHODS)
@for_preparers
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a batch has come; a failed one can be tried again."""
    found = get_object_or_404(
        CertificateBatch.objects.select_related("requested_by__person"), pk=pk
    )
    if request.method == "POST":
        batches.try_again(found)
        messages.success(request, _("The failed sheets are tried again."))
        return redirect("honor_batch", pk)
    progress = batches.progress_of(found)
    response = render(
        request, "honors/certificates/batch.html", {"batch": found, "progress": progress}
    )
    if not progress.is_finished and not progress.is_stuck:
        # Without scripts, too, the page looks again by itself.
        response["Refresh"] = "5"
    return response


@require_safe
@for_preparers
def batch_file(request: HttpRequest, pk: int) -> Any:
    """Hand out the sheets of a finished batch as one PDF."""
    found = get_object_or_404(CertificateBatch, pk=pk)
    try:
        opened = batches.finished_pdf(found)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect("honor_batch", pk)
    name = "荣誉证书" if found.kind == SheetKind.CERTIFICATES else "岗位标牌"
    return FileResponse(
        opened,
        as_attachment=True,
        filename=f"{name} {found.pk}.pdf",
        content_type="application/pdf",
    )
