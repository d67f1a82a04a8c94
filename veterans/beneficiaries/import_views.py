"""A workbook of the register: uploaded, looked at, taken over as a whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.office_pages import account
from portal.personal_data.masking import masked_identity_number, masked_name
from portal.refusals import Refusal
from portal.spreadsheets import workbook_response
from portal.spreadsheets.faults import SheetRefused
from portal.spreadsheets.forms import WorkbookField
from veterans.beneficiaries import sheet_rows, sheets
from veterans.beneficiaries.office_views import for_keepers
from veterans.models import BeneficiaryImport

ROWS_SHOWN = 20


class ImportForm(forms.Form):
    """The workbook."""

    sheet = WorkbookField(
        largest=sheets.LARGEST_FILE,
        help_text=gettext_lazy("The template, filled in; 5,000 rows at most."),
    )


def _page(request: HttpRequest, form: ImportForm, status: int = 200, **more: Any) -> HttpResponse:
    return render(
        request,
        "veterans/beneficiaries/import.html",
        {"form": form, "most": sheets.MOST_ROWS, **more},
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def upload(request: HttpRequest) -> HttpResponse:
    """Check a workbook; show every fault, or what it holds."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        row, preview_of = sheet_rows.keep(form.cleaned_data["sheet"].read(), account(request))
    except SheetRefused as refused:
        shown = refused.faults[: sheets.FAULTS_SHOWN]
        return _page(request, ImportForm(), 422, faults=shown, count=len(refused.faults))
    return _preview(request, row, preview_of)


def _preview(request: HttpRequest, row: BeneficiaryImport, found: Any) -> HttpResponse:
    shown = [
        {
            "number": line.number,
            "name": masked_name(line["name"]),
            "identity_number": masked_identity_number(line["identity_number"]),
            "employee_number": line["employee_number"],
            "categories": "、".join(line["categories"]),
        }
        for line in found.lines[:ROWS_SHOWN]
    ]
    return render(
        request,
        "veterans/beneficiaries/import_preview.html",
        {"row": row, "preview": found, "shown": shown},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a checked workbook over, discard it, or show it again.

    Raises:
        Http404: there is none of the account that waits.
    """
    row = BeneficiaryImport.objects.filter(
        pk=pk, uploaded_by=account(request), taken_at=None
    ).first()
    if row is None:
        raise Http404(_("There is no such workbook."))
    if request.method == "POST" and "discard" in request.POST:
        sheet_rows.discard(pk, account(request))
        messages.success(request, _("The workbook was discarded. Nothing was taken over."))
        return redirect("support_register_import")
    try:
        if request.method != "POST":
            return _preview(request, row, sheet_rows.check_again(row))
        count = sheet_rows.take_over(pk, account(request))
    except SheetRefused as refused:
        shown = refused.faults[: sheets.FAULTS_SHOWN]
        return _page(request, ImportForm(), 422, faults=shown, count=len(refused.faults))
    except Refusal as refusal:
        return _page(request, ImportForm(), refusal.status, refusal=refusal)
    messages.success(
        request, _("%(count)d people were taken into the register.") % {"count": count}
    )
    return redirect("support_beneficiaries")


@require_safe
@for_keepers
def template(request: HttpRequest) -> Any:
    """Hand out the empty workbook."""
    return workbook_response(sheets.write_template(), "beneficiaries-template.xlsx")
