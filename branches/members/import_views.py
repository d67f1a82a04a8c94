"""A roster file: uploaded, looked at, taken over as a whole."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from branches.members import import_rows, import_table
from branches.members.permissions import may_keep_all
from branches.models import MemberImport
from portal.office_pages import METHODS, UNPROCESSABLE, account, guarded
from portal.personal_data.masking import masked_identity_number, masked_name
from portal.refusals import Refusal
from portal.spreadsheets import workbook_response

ROWS_SHOWN = 20
# More are found, but nobody corrects them from one page.
FAULTS_SHOWN = 500
MEGABYTE = 1024 * 1024
for_officers = guarded(may_keep_all)


class RosterForm(forms.Form):
    """The file."""

    sheet = forms.FileField(
        label=gettext_lazy("Excel workbook or CSV file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("20,000 rows at most. Titles and merged headers do no harm."),
        error_messages={
            "required": gettext_lazy("Please choose the workbook."),
            "empty": gettext_lazy("The file is empty. Please choose the workbook again."),
        },
    )

    def clean_sheet(self) -> Any:
        """Refuse by ending and size before anything is read."""
        uploaded = self.cleaned_data["sheet"]
        ending = PurePath(str(uploaded.name)).suffix.lower()
        if ending in (".xlsm", ".xltm", ".xlsb"):
            raise ValidationError(
                _("The workbook has macros. Please save it as .xlsx without macros.")
            )
        if ending == ".xls":
            raise ValidationError(
                _(
                    "This is an old .xls file, or one with a password. "
                    "Please save it as .xlsx without."
                )
            )
        if ending not in (".xlsx", ".csv"):
            raise ValidationError(
                _("“%(name)s” is no .xlsx or .csv file. Please save the table as Excel workbook.")
                % {"name": uploaded.name}
            )
        if (uploaded.size or 0) > import_table.LARGEST_FILE:
            raise ValidationError(
                _("The file is larger than %(size)d MB. Please split it.")
                % {"size": import_table.LARGEST_FILE // MEGABYTE}
            )
        return uploaded


def _page(request: HttpRequest, form: RosterForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "most": import_table.MOST_ROWS, **more}
    return render(request, "branches/members/import.html", context, status=status)


def _refused(request: HttpRequest, refused: import_table.SheetRefused) -> HttpResponse:
    shown = refused.faults[:FAULTS_SHOWN]
    return _page(request, RosterForm(), UNPROCESSABLE, faults=shown, count=len(refused.faults))


@require_http_methods(METHODS)
@for_officers
def upload(request: HttpRequest) -> HttpResponse:
    """Check a file; show every fault, or what it holds."""
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, UNPROCESSABLE)
    try:
        row, found = import_rows.keep(form.cleaned_data["sheet"].read(), account(request))
    except import_table.SheetRefused as refused:
        return _refused(request, refused)
    return _preview(request, row, found)


def _preview(request: HttpRequest, row: MemberImport, found: import_rows.Preview) -> HttpResponse:
    shown = [
        {
            "number": line.number,
            "name": masked_name(line["name"]),
            "employee_number": line["employee_number"],
            "identity_number": masked_identity_number(line["identity_number"]),
            "branch": line["branch"],
            "joined_on": line["joined_on"],
            "confirmed_on": line["confirmed_on"],
        }
        for line in found.lines[:ROWS_SHOWN]
    ]
    return render(
        request,
        "branches/members/import_preview.html",
        {"row": row, "preview": found, "shown": shown},
    )


@require_http_methods(METHODS)
@for_officers
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a checked file over, discard it, or show it again.

    Raises:
        Http404: there is none of the account that waits.
    """
    row = MemberImport.objects.filter(pk=pk, uploaded_by=account(request), taken_at=None).first()
    if row is None:
        raise Http404(_("There is no such workbook."))
    if request.method == "POST" and "discard" in request.POST:
        import_rows.discard(pk, account(request))
        messages.success(request, _("The workbook was discarded. Nothing was taken over."))
        return redirect("branch_members_import")
    try:
        if request.method != "POST":
            return _preview(request, row, import_rows.check_again(row))
        count = import_rows.take_over(pk, account(request))
    except import_table.SheetRefused as refused:
        return _refused(request, refused)
    except Refusal as refusal:
        return _page(request, RosterForm(), refusal.status, refusal=refusal)
    messages.success(request, _("%(count)d members were taken into the roster.") % {"count": count})
    return redirect("branch_members")


@require_safe
@for_officers
def template(request: HttpRequest) -> Any:
    """Hand out the empty workbook."""
    return workbook_response(import_table.write_template(), "members-template.xlsx")
