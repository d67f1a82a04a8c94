"""The office pages of results: figures, comments, the improvement list, Excel and PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.refusals import Refusal
from portal.spreadsheets import workbook_response
from union.models import (
    CommentState,
    Improvement,
    Survey,
    SurveyComment,
    SurveyResultPage,
    SurveyState,
)
from union.survey_results import comments, improvements
from union.survey_results.drawings import charts
from union.survey_results.forms import ImprovementForm, ProgressForm
from union.survey_results.pages import write_page
from union.survey_results.reading import Reading, read
from union.survey_results.report import report_pdf
from union.survey_results.sheets import workbook
from union.surveys.permissions import may_run, may_see

PAGE_SIZE = 20
METHODS = ["GET", "HEAD", "POST"]
UNPROCESSABLE = 422


def _closed(request: HttpRequest, pk: int, *, runs: bool = False) -> Survey:
    """Return a closed survey whose results the account reads in the office.

    Raises:
        Http404: there is none, or it is not the account's to know.
        PermissionDenied: the account sees it, but does not run it.
    """
    survey = get_object_or_404(Survey.objects.select_related("unit"), pk=pk)
    if not may_see(request.user, survey) or survey.state != SurveyState.CLOSED:
        raise Http404
    if runs and not may_run(request.user, survey):
        raise PermissionDenied
    return survey


@never_cache
@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the frozen figures of a survey."""
    survey = _closed(request, pk)
    reading = read(survey.result)
    context: dict[str, Any] = {
        "survey": survey,
        "reading": reading,
        "charts": charts(reading),
        "runs": may_run(request.user, survey),
        "reviews_comments": comments.may_review(request.user, survey),  # type: ignore[arg-type]
        "waiting_comments": comments.to_review(survey)
        .filter(state__in=(CommentState.WAITING, CommentState.REDACTED))
        .count(),
        "improvements": survey.improvements.count(),
        "result_page": SurveyResultPage.objects.filter(survey=survey).first(),
    }
    return render(request, "union/survey_results/results.html", context)


@dataclass(frozen=True)
class _Published:
    """What an account may download of a survey."""

    survey: Survey
    reading: Reading
    comments: list[dict[str, Any]]
    improvements: list[dict[str, Any]]


def _published(request: HttpRequest, pk: int) -> _Published:
    """Return everything for the office, and the content of the live page for its readers.

    Raises:
        Http404: there is nothing for the account.
    """
    survey = get_object_or_404(Survey.objects.select_related("unit"), pk=pk)
    if survey.state != SurveyState.CLOSED:
        raise Http404
    if may_see(request.user, survey):
        words = comments.shown_by_question(survey)
        lines = improvements.as_published(survey)
        return _Published(survey, read(survey.result), words, lines)
    page = SurveyResultPage.objects.visible_to(request.user).filter(survey=survey).first()
    if page is None:
        raise Http404
    reading = read(survey.result, published=True)
    return _Published(survey, reading, page.comments, page.improvements)


@never_cache
@require_safe
def sheet(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out the figures as Excel, to the office and to readers of the live page."""
    found = _published(request, pk)
    name = f"{found.survey.code}-results.xlsx"
    return workbook_response(workbook(found.reading, found.improvements), name)


@never_cache
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the report as PDF, to the office and to readers of the live page."""
    found = _published(request, pk)
    body = report_pdf(found.survey, found.reading, found.comments, found.improvements)
    response = HttpResponse(body, content_type="application/pdf")
    name = f"{found.survey.title}报告.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the result page, or its next version, and hand it to review."""
    _closed(request, pk, runs=True)
    try:
        write_page(pk, request.user)  # type: ignore[arg-type]
    except Refusal as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The page waits for its reviewer."))
    return redirect("survey_results", pk)


@never_cache
@require_safe
def comment_list(request: HttpRequest, pk: int) -> HttpResponse:
    """List the comments of a closed survey in random order."""
    survey = _closed(request, pk)
    if not comments.may_review(request.user, survey):  # type: ignore[arg-type]
        raise PermissionDenied
    chosen = request.GET.get("state", "")
    rows = comments.to_review(survey)
    if chosen in CommentState.values:
        rows = rows.filter(state=chosen)
    texts = {row["code"]: row["text"] for row in survey.questions}
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "survey": survey,
        "page_obj": page,
        "rows": [
            (comment, texts.get(comment.question, ""), comment.redacted_by_id == request.user.pk)
            for comment in page
        ],
        "states": CommentState.choices,
        "chosen": chosen,
        "enough": comments.enough_for_comments(survey),
    }
    return render(request, "union/survey_results/comments.html", context)


@require_POST
def comment_step(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """Take names out of a comment, approve it or withhold it."""
    survey = _closed(request, pk)
    found = get_object_or_404(SurveyComment, pk=comment, survey=survey)
    user: Any = request.user
    try:
        if "redact" in request.POST:
            comments.redact(found.pk, request.POST.get("words", ""), user)
        elif "approve" in request.POST or "withhold" in request.POST:
            show = "approve" in request.POST
            comments.decide(found.pk, user, seen=request.POST.get("seen", ""), show=show)
        else:
            messages.error(request, _("Please choose what to do with the comment."))
    except Refusal as refused:
        messages.error(request, str(refused.message))
    address = redirect("survey_comments", pk)
    address["Location"] += f"?{request.GET.urlencode()}#comment-{found.pk}"
    return address


@never_cache
@require_safe
def improvement_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the improvement list of a survey."""
    survey = _closed(request, pk)
    rows = survey.improvements.select_related("unit", "owner").prefetch_related("progress")
    context = {"survey": survey, "rows": rows, "runs": may_run(request.user, survey)}
    return render(request, "union/survey_results/improvements.html", context)


@never_cache
@require_http_methods(METHODS)
def improvement(request: HttpRequest, pk: int, line: int = 0) -> HttpResponse:
    """Write a line of the improvement list, or change one."""
    survey = _closed(request, pk, runs=True)
    found = get_object_or_404(Improvement, pk=line, survey=survey) if line else None
    form = ImprovementForm(request.POST or None, instance=found, survey=survey)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            improvements.write(form.save(commit=False), request.user)  # type: ignore[arg-type]
            messages.success(request, _("The line is on the list."))
            return redirect("survey_improvements", pk)
    context = {"survey": survey, "form": form, "line": found}
    return render(request, "union/survey_results/improvement.html", context, status=status)


@never_cache
@require_http_methods(METHODS)
def progress(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Report how far an improvement has come, or take it off the list."""
    survey = _closed(request, pk, runs=True)
    found = get_object_or_404(Improvement.objects.select_related("unit"), pk=line, survey=survey)
    form = ProgressForm(request.POST or None, initial={"state": found.state, "seen": found.state})
    refusal, status = None, 200
    if request.method == "POST":
        status = UNPROCESSABLE
        try:
            if "remove" in request.POST:
                improvements.remove(line, request.user)  # type: ignore[arg-type]
                messages.success(request, _("The line is off the list."))
                return redirect("survey_improvements", pk)
            if form.is_valid():
                improvements.report_progress(line, request.user, **form.cleaned_data)  # type: ignore[arg-type]
                messages.success(request, _("It is written down. Publish it with the page."))
                return redirect("survey_improvements", pk)
        except Refusal as refused:
            refusal, status = refused, refused.status
    context = {"survey": survey, "form": form, "line": found, "refusal": refusal}
    return render(request, "union/survey_results/progress.html", context, status=status)
