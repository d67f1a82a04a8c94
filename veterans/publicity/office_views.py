"""Pages of the office: attendance of briefings, lists of greetings, answers to comments."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.refusals import Refusal
from portal.spreadsheets import workbook_response
from veterans.models import BriefingPage, Comment, ConsultationPage, GreetingList, ItemVersion
from veterans.models.publicity import Receiver
from veterans.publicity import briefings, consultations, greetings
from veterans.publicity.forms import AnswerForm, ConsultationForm, GreetingListForm
from veterans.publicity.permissions import (
    may_keep_greetings,
    may_read_greetings,
    may_run_publicity,
)
from veterans.publicity.sheets import attendance_sheet, greetings_sheet

PAGE_SIZE = 20
View = Callable[..., HttpResponseBase]


def only(allowed: Callable[[Any], bool]) -> Callable[[View], View]:
    """Let in whom a rule allows; others are refused."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not allowed(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


# ---- Briefings


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(may_run_publicity)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who signed up, with a column for signatures, and note who came."""
    page = get_object_or_404(BriefingPage, pk=pk)
    refusal, status = None, 200
    if request.method == "POST":
        came = {int(value) for value in request.POST.getlist("came") if value.isdecimal()}
        try:
            count = briefings.note_attendance(page.pk, request.user, came)  # type: ignore[arg-type]
        except Refusal as refused:
            refusal, status = refused, refused.status
        else:
            messages.success(request, _("%(count)d people came.") % {"count": count})
            return redirect("support_briefing_attendance", page.pk)
    rows = list(page.sign_ups.standing().select_related("person__unit"))
    context = {
        "page": page,
        "rows": rows,
        "seats": page.sign_ups.seats(),
        "refusal": refusal,
        "has_begun": briefings.page_context(page, request.user)["has_begun"],
    }
    return render(request, "veterans/publicity/attendance.html", context, status=status)


@never_cache
@require_safe
@only(may_run_publicity)
def attendance_workbook(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the list as a workbook, names and numbers masked."""
    page = get_object_or_404(BriefingPage, pk=pk)
    return workbook_response(attendance_sheet(page), f"{page.slug}-attendance.xlsx")


# ---- Greetings


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(may_read_greetings)
def greeting_lists(request: HttpRequest) -> HttpResponse:
    """List the lists; make a new one."""
    form = GreetingListForm(request.POST or None)
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen = form.cleaned_data
            try:
                made = greetings.make_list(chosen["festival"], chosen["year"], request.user)  # type: ignore[arg-type]
            except Refusal as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("The list is made from register and standard."))
                return redirect("support_greetings", made.pk)
    rows = GreetingList.objects.select_related("version__item")
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form,
        "refusal": refusal,
        "may_keep": may_keep_greetings(request.user),
    }
    return render(request, "veterans/publicity/greeting_lists.html", context, status=status)


def _greetings(pk: int) -> GreetingList:
    return get_object_or_404(GreetingList.objects.select_related("version__item"), pk=pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(may_read_greetings)
def greeting_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who gets what; tick off who received it."""
    found = _greetings(pk)
    refusal, status = None, 200
    if request.method == "POST":
        ticked = {
            int(name.removeprefix("row-")): value
            for name, value in request.POST.items()
            if name.startswith("row-") and name.removeprefix("row-").isdecimal()
        }
        try:
            changed = greetings.tick(found.pk, request.user, ticked)  # type: ignore[arg-type]
        except Refusal as refused:
            refusal, status = refused, refused.status
        else:
            messages.success(request, _("%(count)d rows were changed.") % {"count": changed})
            number = request.POST.get("page", "1")
            query = f"?page={number}" if number.isdecimal() else ""
            return redirect(reverse("support_greetings", args=[pk]) + query)
    may_keep = may_keep_greetings(request.user)
    whole = may_keep and "whole" in request.GET
    rows = greetings.rows_of(found)
    size = max(1, rows.count()) if whole else PAGE_SIZE
    context = {
        "greetings": found,
        "page_obj": Paginator(rows, size).get_page(request.GET.get("page")),
        "totals": greetings.totals(found),
        "receivers": Receiver.choices,
        "may_keep": may_keep,
        "whole": whole,
        "refusal": refusal,
    }
    return render(request, "veterans/publicity/greeting_list.html", context, status=status)


@require_POST
@only(may_keep_greetings)
def greeting_action(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Add those who are missing, or close the list."""
    found = _greetings(pk)
    try:
        if action == "close":
            greetings.close(found.pk, request.user)  # type: ignore[arg-type]
            messages.success(request, _("The list is closed."))
        else:
            count = greetings.add_missing(found.pk, request.user)  # type: ignore[arg-type]
            messages.success(request, _("%(count)d people were added.") % {"count": count})
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("support_greetings", pk)


@never_cache
@require_safe
@only(may_read_greetings)
def greeting_workbook(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the list as a workbook, names masked, with a column for signatures."""
    found = _greetings(pk)
    name = f"greetings-{found.year}-{found.festival}.xlsx"
    return workbook_response(greetings_sheet(found), name)


# ---- Consultations


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(may_run_publicity)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one comment."""
    found = get_object_or_404(
        Comment.objects.select_related("page", "person__unit", "answered_by__person"), pk=pk
    )
    initial = {"outcome": found.outcome, "answer": found.answer}
    form = AnswerForm(request.POST or None, initial=initial)
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                consultations.answer_comment(
                    found.pk,
                    request.user,  # type: ignore[arg-type]
                    given["outcome"],
                    given["answer"],
                )
            except Refusal as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("The answer is there; who wrote it was told."))
                return redirect(f"{found.page.url}#comments")
    context = {"comment": found, "page": found.page, "form": form, "refusal": refusal}
    return render(request, "veterans/publicity/answer_comment.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(may_run_publicity)
def consult(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the page that asks for opinions on a draft; it goes through the usual review."""
    version = get_object_or_404(ItemVersion.objects.select_related("item__unit"), pk=pk)
    form = ConsultationForm(request.POST or None)
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            days = form.cleaned_data
            try:
                page = consultations.write_consultation_draft(
                    version,
                    request.user,  # type: ignore[arg-type]
                    days["first_day"],
                    days["last_day"],
                )
            except Refusal as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("This is the draft of the page. Submit it for review."))
                return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    context = {"version": version, "form": form, "refusal": refusal}
    return render(request, "veterans/publicity/consult.html", context, status=status)


@require_POST
@only(may_run_publicity)
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the page with the result as a draft."""
    page = get_object_or_404(ConsultationPage, pk=pk)
    try:
        made = consultations.write_result_draft(page.pk, request.user)  # type: ignore[arg-type]
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect(page.url or reverse("support_standards"))
    messages.success(request, _("This is the draft of the page. Submit it for review."))
    return redirect(reverse("wagtailadmin_pages:edit", args=[made.pk]))
