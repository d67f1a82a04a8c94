"""What is done beside the flow: take, hand over, stand aside, extend, answer an order."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.cases import services, supervision
from portal.cases.actions import colleagues, office_actions
from portal.cases.forms import AnswerForm, ExtensionForm, HandOverForm, ReasonForm
from portal.cases.models import Case, Supervision
from portal.cases.refusals import ConditionNotMet, NotYourTurn
from portal.cases.views.reading import account, is_own, readable_case
from portal.people.models import User
from portal.refusals import Refusal

UNPROCESSABLE = 422


def _office_case(request: HttpRequest, case_id: uuid.UUID) -> tuple[Case, User]:
    """Return a case the account reads as staff.

    Raises:
        Http404: it may not read the case, or only as the one it is about.
    """
    case = readable_case(request, case_id)
    if is_own(request, case):
        raise Http404(_("There is no such case."))
    return case, account(request)


def _page(
    request: HttpRequest, case: Case, form: forms.Form, status: int = 200, **words: Any
) -> HttpResponse:
    return render(
        request,
        "cases/beside.html",
        {
            "case": case,
            "form": form,
            "cancel_url": reverse("case", args=[case.pk]),
            "consequences": [],
            **words,
        },
        status=status,
    )


def _done(request: HttpRequest, case: Case, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("case", case.pk)


@require_POST
def case_take(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Take a case oneself."""
    case, user = _office_case(request, case_id)
    services.assign(case.pk, user, user)
    return _done(request, case, _("You work on this case now."))


@require_http_methods(["GET", "HEAD", "POST"])
def case_hand_over(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Hand a case over to a colleague of the same party.

    Raises:
        NotYourTurn: it is not the account's turn.
    """
    case, user = _office_case(request, case_id)
    if "hand_over" not in office_actions(case, user).beside:
        raise NotYourTurn(_("Only whoever works on the case hands it over."))
    form = HandOverForm(request.POST or None, colleagues=colleagues(case, user))
    words: dict[str, Any] = {
        "title": _("Hand over to a colleague"),
        "button": _("Hand over"),
        "consequences": [_("The colleague finds the case among what waits for it.")],
        "nobody": not form.colleagues,
    }
    if request.method != "POST":
        return _page(request, case, form, **words)
    if not form.is_valid():
        return _page(request, case, form, UNPROCESSABLE, **words)
    try:
        colleague = form.cleaned_data["handler"]
        services.assign(case.pk, user, colleague, form.cleaned_data["note"])
    except Refusal as refusal:
        return _page(request, case, form, refusal.status, refused=refusal, **words)
    return _done(request, case, _("The case is with %(who)s now.") % {"who": colleague})


@require_http_methods(["GET", "HEAD", "POST"])
def case_stand_aside(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Leave a case to colleagues because it is too close (回避).

    Raises:
        NotYourTurn: the account has no part in the case, or stood aside already.
    """
    case, user = _office_case(request, case_id)
    if "stand_aside" not in office_actions(case, user).beside:
        raise NotYourTurn(_("You are not in charge of this case."))
    form = ReasonForm(request.POST or None)
    words: dict[str, Any] = {
        "title": _("Stand aside in this case"),
        "button": _("Stand aside"),
        "consequences": [
            _("You can read the case but do nothing in it any more."),
            _("A colleague has to take it. This cannot be taken back."),
        ],
    }
    if request.method != "POST":
        return _page(request, case, form, **words)
    if not form.is_valid():
        return _page(request, case, form, UNPROCESSABLE, **words)
    services.recuse(case.pk, user, form.cleaned_data["reason"])
    return _done(request, case, _("You stand aside in this case."))


@require_http_methods(["GET", "HEAD", "POST"])
def case_extend(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Extend the running limit once, with a reason the applicant is told.

    Raises:
        Refusal: it is not the account's turn, or the limit cannot be extended.
    """
    case, user = _office_case(request, case_id)
    if "extend" not in office_actions(case, user).beside:
        raise ConditionNotMet(_("The time limit of this step cannot be extended."))
    row = case.table.clock(case.standing.clock)
    form = ExtensionForm(request.POST or None)
    words: dict[str, Any] = {
        "title": _("Extend the time limit"),
        "button": _("Extend"),
        "consequences": [
            _("The limit “%(clock)s” becomes %(days)d days longer, once.")
            % {"clock": row.name, "days": row.extension},
            _("The applicant gets a message with the new date."),
            *([row.extension_clause] if row.extension_clause else []),
        ],
    }
    if request.method != "POST":
        return _page(request, case, form, **words)
    if not form.is_valid():
        return _page(request, case, form, UNPROCESSABLE, **words)
    try:
        services.extend(case.pk, user, form.cleaned_data["reason"])
    except Refusal as refusal:
        return _page(request, case, form, refusal.status, refused=refusal, **words)
    return _done(request, case, _("The time limit is extended."))


@require_http_methods(["GET", "HEAD", "POST"])
def case_supervision_answer(request: HttpRequest, supervision_id: int) -> HttpResponse:
    """Answer a supervision order.

    Raises:
        Http404: there is no such order for this account.
    """
    row = (
        Supervision.objects.filter(pk=supervision_id).select_related("clock", "answered_by").first()
    )
    if row is None:
        raise Http404(_("There is no such order."))
    case, user = _office_case(request, row.clock.case_id)
    words: dict[str, Any] = {
        "title": _("Answer the supervision order"),
        "button": _("Send the answer"),
        "consequences": [_("The leaders and the auditor read the answer.")],
    }
    form = AnswerForm(request.POST or None)
    if request.method != "POST":
        supervision.require_answerable(row, user)
        return _page(request, case, form, **words)
    if not form.is_valid():
        return _page(request, case, form, UNPROCESSABLE, **words)
    try:
        supervision.answer(row.pk, user, form.cleaned_data["words"])
    except Refusal as refusal:
        return _page(request, case, form, refusal.status, refused=refusal, **words)
    return _done(request, case, _("The answer is sent."))
