"""Answering: the questionnaire, for who is signed in and for who holds a printed token.

What is typed goes into the answer and nowhere else: not into a session, a message or a log. A
page that is sent by somebody whose sign-in has ended comes back filled in, and nothing is kept.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from portal.anonymous_requests import anonymous_view, bucket
from portal.cases.attempts import Attempts
from portal.cases.views.private import private_answer
from portal.personal_data.encryption import blind_index
from portal.refusals import Refusal
from union.models import Invitation, NamedSheet, Survey, SurveyState, UnionIndexPage
from union.surveys import tokens
from union.surveys.office_refusals import NotInvited
from union.surveys.questionnaire import shown_sections, typed_answers, typed_lines
from union.surveys.reading import open_invitations, stored_segments
from union.surveys.refusals import AlreadyAnswered, NotOpen, WrongAnswer
from union.surveys.submitting import refuse_closed, submit

METHODS = ["GET", "HEAD", "POST"]
CONFLICT, UNPROCESSABLE = 409, 422
# Of many mistakes the summary names the first; each is marked at its question.
MOST_NAMED = 8


@sensitive_variables()
def questionnaire_page(
    request: HttpRequest,
    survey: Survey,
    answers: dict[str, Any],
    *,
    errors: dict[str, Any] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Return the page with all sections, with what was chosen before and what is wrong."""
    sections = shown_sections(survey.sections, answers, errors)
    known = {question.code for section in sections for question in section.questions}
    wrong = [row for section in sections for row in section.questions if row.error]
    context = {
        "survey": survey,
        "sections": sections,
        "kept_segments": stored_segments(survey),
        "wrong": wrong,
        "more_wrong": max(0, len(wrong) - MOST_NAMED),
        "elsewhere": [str(words) for code, words in (errors or {}).items() if code not in known],
        **more,
    }
    return render(request, "union/surveys/answer.html", context, status=status)


@sensitive_variables()
def _typed(request: HttpRequest, survey: Survey) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the answers a form holds, and the same as they are shown again."""
    answers = typed_answers(survey.questions, request.POST)
    lines = typed_lines(survey.questions, request.POST)
    shown = {code: row for code, row in lines.items() if isinstance(answers.get(code), list)}
    return answers, {**answers, **shown}


def _draft_key(survey: Survey, user: Any) -> str:
    """Return under which name the browser keeps a draft: another one for each account."""
    return f"survey-{survey.pk}-{blind_index(f'survey-draft:{survey.pk}:{user.pk}')[:12]}"


def _launched(pk: int) -> Survey:
    return get_object_or_404(Survey.objects.exclude(state=SurveyState.DRAFT), pk=pk)


def _own_invitation(request: HttpRequest, survey: Survey) -> Invitation:
    person_id = getattr(request.user, "person_id", None)
    found = Invitation.objects.filter(survey=survey, person=person_id).exclude(person=None).first()
    if found is None:
        raise NotInvited(
            _("Each survey asks certain units or groups. The opinion boxes are open to everybody."),
            links=[(_("Union"), UnionIndexPage.objects.get().url or "/")],
        )
    return found


class _TokenCheck(CsrfViewMiddleware):
    """Django's check of forged forms, asked for its result instead of a page of refusal."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _is_stale(request: HttpRequest) -> bool:
    """Whether a form was made before the last sign-in, or by another site."""
    check = _TokenCheck(lambda _request: HttpResponse())
    return check.process_view(request, thanks, (), {}) is not None


# A form that is stale comes back filled in and is sent again; Django's own check would lose it.
@csrf_exempt
@login_not_required
@private_answer
@sensitive_post_parameters()
@sensitive_variables("answers", "shown", "page")
@require_http_methods(METHODS)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the questionnaire to whoever is invited, and take the answers.

    Raises:
        Http404: there is no such survey, or it was not launched.
        NotInvited: the account is not among those who are asked.
    """
    if not request.user.is_authenticated:
        return _signed_out(request, pk)
    survey = _launched(pk)
    invitation = _own_invitation(request, survey)
    page: dict[str, Any] = {
        "action_url": request.path,
        "draft_key": _draft_key(survey, request.user),
    }
    if request.method != "POST":
        if survey.is_anonymous and invitation.is_done:
            return _answered(request, survey)
        return _fresh_page(request, survey, invitation, page)
    answers, shown = _typed(request, survey)
    if _is_stale(request):
        return questionnaire_page(request, survey, shown, status=CONFLICT, is_stale=True, **page)
    try:
        submit(survey, invitation, answers)
    except WrongAnswer as refused:
        return questionnaire_page(
            request, survey, shown, errors=refused.fields, status=UNPROCESSABLE, **page
        )
    except AlreadyAnswered:
        return _answered(request, survey, status=CONFLICT)
    except NotOpen as refused:
        return questionnaire_page(
            request, survey, shown, refusal=refused, status=refused.status, **page
        )
    return redirect("survey_thanks", pk)


def _fresh_page(
    request: HttpRequest, survey: Survey, invitation: Invitation, page: dict[str, Any]
) -> HttpResponse:
    try:
        refuse_closed(survey)
    except NotOpen as refused:
        return render(
            request,
            "union/surveys/not_now.html",
            {"survey": survey, "refusal": refused},
            status=refused.status,
        )
    answers: dict[str, Any] = {}
    if not survey.is_anonymous and invitation.is_done:
        # Answers with a name may be changed by who gave them until the survey closes.
        sheet = NamedSheet.objects.filter(invitation=invitation).first()
        answers = json.loads(sheet.answers) if sheet else {}
    return questionnaire_page(request, survey, answers, **page)


@sensitive_variables("shown", "_answers")
def _signed_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to sign-in; what was sent comes back in the page and is kept nowhere."""
    sign_in = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
    if request.method != "POST":
        return HttpResponseRedirect(sign_in)
    survey = _launched(pk)
    if survey.state != SurveyState.OPEN:
        return HttpResponseRedirect(sign_in)
    _answers, shown = _typed(request, survey)
    return questionnaire_page(
        request, survey, shown, status=CONFLICT, action_url=request.path, sign_in_url=sign_in
    )


def _answered(request: HttpRequest, survey: Survey, status: int = 200) -> HttpResponse:
    context = {"survey": survey, "refusal": AlreadyAnswered()}
    return render(request, "union/surveys/answered.html", context, status=status)


@private_answer
@require_safe
def thanks(request: HttpRequest, pk: int) -> HttpResponse:
    """Say thank you, and what comes next.

    Raises:
        Http404: there is no such survey.
    """
    return render(request, "union/surveys/thanks.html", {"survey": _launched(pk)})


@private_answer
@require_safe
def survey_list(request: HttpRequest) -> HttpResponse:
    """List the surveys an employee is asked in now."""
    person_id = getattr(request.user, "person_id", None)
    rows = list(open_invitations(person_id)[:50])
    return render(request, "union/surveys/survey_list.html", {"rows": rows})


# ---- With a printed token: no account, no cookie, no log


@anonymous_view
@sensitive_variables()
@require_http_methods(METHODS)
def token(request: HttpRequest) -> HttpResponse:
    """Open the questionnaire for who holds a token, and take the answers.

    The token is in the form and never in an address. Every failure gets the same page with the
    same words.
    """
    if request.method != "POST":
        return _token_page(request)
    typed = request.POST.get("token", "")[:100]
    attempts = Attempts(tokens.PURPOSE, tokens.token_digest(typed), bucket(request))
    if not attempts.wait() or attempts.are_too_many():
        return _token_page(request, failed=True)
    invitation = tokens.invitation_of(typed)
    if invitation is None:
        attempts.count_failure()
        return _token_page(request, failed=True)
    survey = invitation.survey
    page: dict[str, Any] = {"action_url": request.path, "token": typed, "draft_key": ""}
    if invitation.is_done:
        return _answered(request, survey, CONFLICT if "sent" in request.POST else 200)
    if "sent" not in request.POST:
        return _fresh_page(request, survey, invitation, page)
    answers, shown = _typed(request, survey)
    try:
        submit(survey, invitation, answers)
    except WrongAnswer as refused:
        return questionnaire_page(
            request, survey, shown, errors=refused.fields, status=UNPROCESSABLE, **page
        )
    except AlreadyAnswered:
        return _answered(request, survey, CONFLICT)
    except Refusal as refused:
        return questionnaire_page(
            request, survey, shown, refusal=refused, status=refused.status, **page
        )
    return render(request, "union/surveys/thanks.html", {"survey": survey, "by_token": True})


def _token_page(request: HttpRequest, *, failed: bool = False) -> HttpResponse:
    status = UNPROCESSABLE if failed else 200
    return render(request, "union/surveys/token.html", {"failed": failed}, status=status)
