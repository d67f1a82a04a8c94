"""Pages of the use of records: ask, decide, get the copy, the register."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.address_values import plain_text
from portal.archives.consultation import services
from portal.archives.consultation.copies import marked_copy
from portal.archives.consultation.forms import GrantForm, RefusalForm, RequestForm
from portal.archives.models import Consultation, ConsultationState
from portal.archives.permissions import may_read_office, may_receive, require_office
from portal.archives.spreadsheets import Column, write_table
from portal.spreadsheets import workbook_response

PER_PAGE = 50
MOST_ROWS = 20_000
COLUMNS = (
    Column("requested", "申请日期", width=12),
    Column("applicant", "利用人", width=14),
    Column("code", "档号", width=30),
    Column("kind", "利用方式", width=12),
    Column("purpose", "利用目的", width=40),
    Column("state", "办理结果", width=12),
    Column("decided_by", "批准人", width=14),
    Column("until", "有效期至", width=12),
    Column("uses", "利用次数", width=10),
    Column("used", "最近利用时间", width=18),
)


def visible_requests(user: Any) -> Any:
    """Return the requests an account sees: the office all, everybody else the own ones."""
    found = Consultation.objects.select_related("record")
    return found if may_read_office(user) else found.filter(applicant=user)


@require_GET
def consultations(request: HttpRequest) -> HttpResponse:
    """Show the register to the office, and everybody the own requests."""
    state = request.GET.get("state", "")
    found = visible_requests(request.user)
    if state in ConsultationState.values:
        found = found.filter(state=state)
    return render(
        request,
        "archives/consultation/list.html",
        {
            "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
            "states": ConsultationState.choices,
            "state": state,
            "office": may_read_office(request.user),
            "today": timezone.localdate(),
        },
    )


@require_GET
def register_sheet(request: HttpRequest) -> FileResponse:
    """Hand out the register of use as an Excel table."""
    require_office(request.user)
    rows = (
        [
            timezone.localdate(one.requested_at).isoformat(),
            one.applicant_name,
            one.record.archive_code or "",
            str(one.get_kind_display()),
            one.purpose,
            str(one.get_state_display()),
            one.decided_by_name,
            one.granted_until.isoformat() if one.granted_until else "",
            one.uses,
            timezone.localtime(one.used_at).strftime("%Y-%m-%d %H:%M") if one.used_at else "",
        ]
        for one in visible_requests(request.user)[:MOST_ROWS].iterator(500)
    )
    return workbook_response(write_table(COLUMNS, rows, "利用登记簿"), "档案利用登记簿.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the use of a record by its archive code."""
    code = plain_text(request.GET.get("code", ""), 80)
    posted = request.POST if request.method == "POST" else None
    form = RequestForm(posted, initial={"code": code, "kind": "read"})
    if request.method == "POST" and form.is_valid():
        made = services.ask(
            form.cleaned_data["code"],
            request.user,
            form.cleaned_data["kind"],
            form.cleaned_data["purpose"],
        )
        messages.success(request, _("The request was sent to the archivist."))
        return redirect(made)
    return render(
        request,
        "archives/consultation/ask.html",
        {"form": form, "cancel_url": reverse("archive_consultations")},
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Show a request, or decide on it: grant, refuse, take back."""
    found: Consultation = get_object_or_404(visible_requests(request.user), pk=request_id)
    action = request.POST.get("action", "") if request.method == "POST" else ""
    granting = GrantForm(request.POST if action == "grant" else None, auto_id="id_grant_%s")
    refusing = RefusalForm(request.POST if action == "refuse" else None, auto_id="id_refuse_%s")
    if action == "grant" and granting.is_valid():
        until = timezone.localdate() + datetime.timedelta(days=granting.cleaned_data["days"] - 1)
        services.grant(found.pk, request.user, until, granting.cleaned_data["remark"])
        messages.success(request, _("The request is granted."))
        return redirect(found)
    if action == "refuse" and refusing.is_valid():
        services.refuse(found.pk, request.user, refusing.cleaned_data["remark"])
        messages.success(request, _("The request is refused."))
        return redirect(found)
    if action == "withdraw":
        services.withdraw(found.pk, request.user)
        messages.success(request, _("The request was taken back."))
        return redirect(found)
    waiting = found.state == ConsultationState.WAITING
    own = found.applicant_id == request.user.pk
    return render(
        request,
        "archives/consultation/request.html",
        {
            "found": found,
            "granting": granting,
            "refusing": refusing,
            "form": refusing if refusing.is_bound else granting,
            "may_decide": waiting and not own and may_receive(request.user),
            "may_withdraw": waiting and own,
            "usable": own and found.is_usable(timezone.localdate()),
            "sees_title": found.state == ConsultationState.GRANTED or may_read_office(request.user),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def copy(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Hand out the marked copy; every time is written into the register and the ledger."""
    found: Consultation = get_object_or_404(visible_requests(request.user), pk=request_id)
    verifier = request.build_absolute_uri(reverse("archive_receipt_verifier"))
    used = services.use(found.pk, request.user)
    response = HttpResponse(marked_copy(used, verifier), content_type="application/pdf")
    name = f"{used.record.archive_code}_利用件.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
