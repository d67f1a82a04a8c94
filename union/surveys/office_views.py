"""The office of surveys: drafts, launch, counts, reminders, tokens and the end.

Nothing here reads an answer.
"""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.archives.pdf import pdf_from_html
from portal.refusals import Refusal
from union.models import Survey, SurveyQuestion
from union.surveys import drafting, reminding, tokens
from union.surveys.closing import close as close_survey
from union.surveys.designing import design_problems, questionnaire_of
from union.surveys.invitees import listed_numbers
from union.surveys.launching import launch as launch_survey
from union.surveys.launching import plan_launch
from union.surveys.office_forms import LaunchForm, NewSurveyForm, sealed, unsealed
from union.surveys.permissions import (
    may_keep_questions,
    may_run,
    may_see,
    may_see_office,
    run_offices,
    seen_offices,
)
from union.surveys.questionnaire import shown_sections
from union.surveys.reading import turnout

PAGE_SIZE = 20
METHODS = ["GET", "HEAD", "POST"]
UNPROCESSABLE = 422


def _seen(request: HttpRequest, pk: int) -> Survey:
    """Return a survey the account sees in the office; unknown to everybody else."""
    if not may_see_office(request.user):
        raise PermissionDenied
    survey = get_object_or_404(Survey.objects.select_related("unit"), pk=pk)
    if not may_see(request.user, survey):
        raise Http404
    return survey


def _run(request: HttpRequest, pk: int) -> Survey:
    """Return a survey the account runs."""
    survey = _seen(request, pk)
    if not may_run(request.user, survey):
        raise PermissionDenied
    return survey


@never_cache
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    """List the surveys of the offices the account belongs to or looks at."""
    if not may_see_office(request.user):
        raise PermissionDenied
    rows = (
        Survey.objects.of_offices(seen_offices(request.user))
        .select_related("unit")
        .defer("snapshot", "design")
    )
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_design": may_keep_questions(request.user),
    }
    return render(request, "union/surveys/office.html", context)


@never_cache
@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a draft from ready-made sections."""
    offices = run_offices(request.user)
    if not offices:
        raise PermissionDenied
    form = NewSurveyForm(request.POST or None, offices=offices)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            draft = form.save(commit=False)
            chosen = form.cleaned_data["templates"]
            made = drafting.begin_draft(draft, chosen, request.user)  # type: ignore[arg-type]
            messages.success(request, _("The draft is there. Look at it before you launch it."))
            return redirect("survey_office", made.pk)
    return render(request, "union/surveys/new.html", {"form": form}, status=status)


@never_cache
@require_safe
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where a survey stands: what it asks, counts in steps, and what can be done now."""
    found = _seen(request, pk)
    runs = may_run(request.user, found)
    context: dict[str, Any] = {"survey": found, "runs": runs}
    if found.is_draft:
        context["problems"] = design_problems(found)
        context["questions"] = sum(len(block.value["questions"]) for block in found.design)
    else:
        context |= {
            "turnout": turnout(found),
            "segments": found.snapshot["segments"],
            "sheets": tokens.token_sheets(found) if runs else [],
            "reminding": reminding.state_of(found),
            "survey_page": found.pages.first(),
            "questions": len(found.questions),
        }
    return render(request, "union/surveys/office_survey.html", context)


@never_cache
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the questionnaire as people will see it; it cannot be sent."""
    found = _seen(request, pk)
    snapshot = questionnaire_of(found, {}) if found.is_draft else found.snapshot
    context = {
        "survey": found,
        "sections": shown_sections(snapshot["sections"], {}),
        "kept_segments": [segment["name"] for segment in snapshot["segments"]]
        or [label for code, label in _segment_labels() if code in found.segments],
        "is_preview": True,
        "draft_key": "",
    }
    return render(request, "union/surveys/answer.html", context)


def _segment_labels() -> list[tuple[str, Any]]:
    from union.models import Segment

    return list(Segment.choices)


@never_cache
@require_http_methods(METHODS)
def launch(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose whom to ask, look at the groups, and launch."""
    found = _run(request, pk)
    if not found.is_draft:
        return redirect("survey_office", pk)
    if "confirmed" in request.POST:
        return _launch_confirmed(request, found)
    form = LaunchForm(request.POST or None, request.FILES or None)
    refusal, status = None, 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                return _launch_preview(request, found, form)
            except Refusal as refused:
                refusal, status = refused, refused.status
    context = {"survey": found, "form": form, "refusal": refusal}
    return render(request, "union/surveys/launch.html", context, status=status)


def _launch_preview(request: HttpRequest, found: Survey, form: LaunchForm) -> HttpResponse:
    workbook = form.cleaned_data["workbook"]
    chosen = form.chosen(listed_numbers(workbook.read()) if workbook else ())
    plan = plan_launch(found, chosen)
    context = {
        "survey": found,
        "plan": plan,
        "groups": [
            (str(dict(_segment_labels())[code]), groups, plan.merged[code])
            for code, groups in plan.groups.items()
        ],
        "chosen": sealed(chosen, found),
        "seen": plan.digest(questionnaire_of(found, plan.groups)),
    }
    return render(request, "union/surveys/launch_preview.html", context)


def _launch_confirmed(request: HttpRequest, found: Survey) -> HttpResponse:
    chosen = unsealed(request.POST.get("chosen", ""), found)
    seen = request.POST.get("seen", "")
    if chosen is None or not seen:
        messages.error(request, _("The preview is too old. Please choose whom to ask again."))
        return redirect("survey_launch", found.pk)
    try:
        launch_survey(found.pk, chosen, request.user, seen)  # type: ignore[arg-type]
    except Refusal as refused:
        messages.error(request, str(refused.message))
        return redirect("survey_launch", found.pk)
    messages.success(request, _("The survey has begun. Those who are asked were told."))
    return redirect("survey_office", found.pk)


@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the next reminder."""
    _run(request, pk)
    try:
        reminding.remind(pk, request.user)  # type: ignore[arg-type]
    except Refusal as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("The reminder is sent. Nobody sees who got it."))
    return redirect("survey_office", pk)


@never_cache
@require_http_methods(METHODS)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then close a survey and freeze its results."""
    found = _run(request, pk)
    if found.is_draft:
        return redirect("survey_office", pk)
    if request.method == "POST":
        try:
            close_survey(pk, request.user)  # type: ignore[arg-type]
        except Refusal as refused:
            messages.error(request, str(refused.message))
        else:
            messages.success(request, _("The survey is closed and its results are frozen."))
        return redirect("survey_office", pk)
    context = {
        "title": _("Close the survey"),
        "question": _("“%(title)s” takes no more answers after that.") % {"title": found.title},
        "consequences": [
            _("All answers are shuffled once more and written anew."),
            _("The results are computed once and do not change any more."),
            _("This cannot be undone."),
        ],
        "action_url": request.path,
        "confirm_label": _("Close and freeze"),
        "cancel_url": reverse("survey_office", args=[pk]),
    }
    return render(request, "components/confirm.html", context)


@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Write next year's draft after this survey."""
    _run(request, pk)
    draft = drafting.copy_survey(pk, request.user)  # type: ignore[arg-type]
    messages.success(request, _("The draft for the next time is there."))
    return redirect("survey_office", draft.pk)


@require_POST
def write_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the announcement as a draft and open it."""
    _run(request, pk)
    try:
        page = drafting.write_page(pk, request.user)  # type: ignore[arg-type]
    except Refusal as refused:
        messages.error(request, str(refused.message))
        return redirect("survey_office", pk)
    messages.success(request, _("This is the draft of the page. Submit it for review."))
    return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))


@never_cache
@require_http_methods(METHODS)
def new_question_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy a question as its next version and open it."""
    if not may_keep_questions(request.user):
        raise PermissionDenied
    question = get_object_or_404(SurveyQuestion, pk=pk)
    if request.method == "POST":
        made = drafting.new_version(pk, request.user)  # type: ignore[arg-type]
        messages.success(request, _("This is the new version. Please change its words."))
        return redirect(reverse("wagtailsnippets_union_surveyquestion:edit", args=[made.pk]))
    context = {
        "title": _("New version of a question"),
        "question": question,
        "consequences": [
            _("The version that was asked stays as it is."),
            _("New surveys ask the new version; trends show a break at it."),
        ],
        "action_url": request.path,
        "confirm_label": _("Make a new version"),
        "cancel_url": reverse("wagtailsnippets_union_surveyquestion:list"),
    }
    return render(request, "components/confirm.html", context)


def _picture(text: str) -> SafeString:
    code = segno.make(text, error="m", micro=False)
    drawn: str = code.svg_inline(scale=3, border=2, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308  made of our own address and symbols


@never_cache
@sensitive_variables("printed", "rows", "html")
@require_POST
def token_sheet(request: HttpRequest, pk: int, group: str) -> HttpResponse:
    """Print the tokens of a group: one slip each, with a code to scan. They are shown once."""
    found = _run(request, pk)
    try:
        printed = tokens.print_tokens(pk, group, request.user)  # type: ignore[arg-type]
    except Refusal as refused:
        messages.error(request, str(refused.message))
        return redirect("survey_office", pk)
    address = request.build_absolute_uri(reverse("survey_token"))
    # Behind the sign # no server sees the token.
    rows = [(token, _picture(f"{address}#{token}")) for token in printed]
    name = tokens.group_names(found).get(group, "")
    html = render_to_string(
        "union/surveys/token_sheet.html",
        {"survey": found, "rows": rows, "address": address, "group": name},
    )
    response = HttpResponse(pdf_from_html(html), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.code}-tokens.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
