"""A workbook of old honors with photographs: uploaded, looked at, taken over, confirmed."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from honors.awards import importing
from honors.awards.import_photographs import LARGEST_ZIP, MOST_PHOTOGRAPHS
from honors.awards.import_table import LARGEST_FILE, MOST_ROWS, write_template
from honors.awards.office_views import for_readers, refused
from honors.awards.permissions import may_confirm, may_prepare_all
from honors.models import Award, HonorImport
from portal.office_pages import METHODS, UNPROCESSABLE, account, guarded
from portal.refusals import Refusal
from portal.spreadsheets import workbook_response
from portal.spreadsheets.faults import SheetRefused
from portal.spreadsheets.forms import MEGABYTE, WorkbookField

ROWS_SHOWN = 20
FAULTS_SHOWN = 500
for_keepers = guarded(may_prepare_all)


class HonorsForm(forms.Form):
    """The workbook, and a zip with the photographs its rows name."""

    sheet = WorkbookField(largest=LARGEST_FILE)
    photographs = forms.FileField(
        label=gettext_lazy("Zip with photographs"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
        help_text=gettext_lazy("JPG, PNG or HEIC, named as in the workbook; 200 at most."),
        error_messages={"empty": gettext_lazy("The zip is empty. Please choose it again.")},
    )

    def clean_photographs(self) -> Any:
        """Refuse by ending and size before anything is read."""
        uploaded = self.cleaned_data["photographs"]
        if not uploaded:
            return None
        if PurePath(str(uploaded.name)).suffix.lower() != ".zip":
            raise ValidationError(
                _("“%(name)s” is no .zip file. Please pack the photographs as a zip.")
                % {"name": uploaded.name}
            )
        if (uploaded.size or 0) > LARGEST_ZIP:
            raise ValidationError(
                _("The file is larger than %(size)d MB. Please split it.")
                % {"size": LARGEST_ZIP // MEGABYTE}
            )
        return uploaded


def _page(request: HttpRequest, form: HonorsForm, status: int = 200, **more: Any) -> HttpResponse:
    intro = _(
        "Up to %(rows)d honors and %(photographs)d photographs at once. All rows are taken over,"
        " or none; they count when a colleague has confirmed them."
    ) % {"rows": MOST_ROWS, "photographs": MOST_PHOTOGRAPHS}
    context = {"form": form, "intro": intro, **more}
    return render(request, "honors/awards/import.html", context, status=status)


def _refused(request: HttpRequest, refused: SheetRefused) -> HttpResponse:
    shown = refused.faults[:FAULTS_SHOWN]
    return _page(request, HonorsForm(), UNPROCESSABLE, faults=shown, count=len(refused.faults))


@require_http_methods(METHODS)
@for_keepers
def upload(request: HttpRequest) -> HttpResponse:
    """Check the files; show every fault, or what they hold."""
    form = HonorsForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, UNPROCESSABLE)
    files = form.cleaned_data
    try:
        row = importing.keep(files["sheet"].read(), files["photographs"], account(request))
    except SheetRefused as refused:
        return _refused(request, refused)
    return redirect("honor_import_preview", row.pk)


@require_http_methods(METHODS)
@for_keepers
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a checked workbook holds; take it over or discard it.

    Raises:
        Http404: there is none of the account that waits.
    """
    row = HonorImport.objects.filter(pk=pk, uploaded_by=account(request), taken_at=None).first()
    if row is None:
        raise Http404(_("There is no such workbook."))
    try:
        if request.method == "POST" and "discard" in request.POST:
            importing.discard(pk, account(request))
            messages.success(request, _("The workbook was discarded. Nothing was taken over."))
            return redirect("honor_import")
        if request.method == "POST":
            count = importing.take_over(pk, account(request))
            words = _("%(count)d honors wait for a colleague to confirm them.")
            messages.success(request, words % {"count": count})
            return redirect("honor_awards_waiting")
    except SheetRefused as refused:
        return _refused(request, refused)
    except Refusal as refusal:
        return _page(request, HonorsForm(), refusal.status, refusal=refusal)
    found = importing.preview_of(row)
    context = {"row": row, "preview": found, "shown": found.lines[:ROWS_SHOWN]}
    return render(request, "honors/awards/import_preview.html", context)


@require_safe
@for_keepers
def template(request: HttpRequest) -> Any:
    """Hand out the empty workbook."""
    return workbook_response(write_template(), "honors-template.xlsx")


@require_http_methods(METHODS)
@for_readers
def waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the honors of a workbook that wait; confirm or discard all of them."""
    row = get_object_or_404(importing.waiting_imports(), pk=pk)
    is_own = row.uploaded_by_id == request.user.pk
    if request.method == "POST":
        try:
            if "discard" in request.POST:
                count = importing.refuse_import(pk, account(request))
                words = _("%(count)d entries were discarded. Nothing was granted by them.")
            else:
                count = importing.confirm(pk, account(request))
                words = _("%(count)d honors count now.")
        except Refusal as refusal:
            return refused(request, refusal, request.path)
        messages.success(request, words % {"count": count})
        return redirect("honor_awards")
    rows = Award.objects.waiting().filter(taken_from=pk).order_by("pk")
    return render(
        request,
        "honors/awards/import_waiting.html",
        {
            "row": row,
            "rows": rows[:ROWS_SHOWN],
            "count": rows.count(),
            "may_confirm": may_confirm(request.user) and not is_own,
            "may_discard": may_confirm(request.user) or is_own,
        },
    )
