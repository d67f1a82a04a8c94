"""What is done beside the flow: take, hand over, stand aside, more time, answer an order."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from portal.cases import beside, calls, history, supervision
from portal.cases.actions import colleagues, office_actions, open_extension
from portal.cases.flow import Clock, DayKind
from portal.cases.forms import (
    AnswerForm,
    CallForm,
    ExtensionDecisionForm,
    ExtensionForm,
    HandOverForm,
    ReasonForm,
)
from portal.cases.models import Case, Supervision
from portal.cases.refusals import AlreadyMoved, ConditionNotMet, NotYourTurn
from portal.cases.services import was_sent
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
            "key": request.POST.get("key") or uuid.uuid4(),
            **words,
        },
        status=status,
    )


def _key(request: HttpRequest) -> uuid.UUID:
    """Return the key of the form; sent twice, it is done once.

    Raises:
        AlreadyMoved: the page is older than the portal, or was tampered with.
    """
    key = _typed_key(request)
    if key is None:
        words = _("This page is too old. Please look at it once more and send it again.")
        raise AlreadyMoved(words)
    return key


def _typed_key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _was_done(request: HttpRequest, case: Case, user: User, *codes: str) -> bool:
    """Whether a form with this key made its event already; then it is not asked for again."""
    if request.method != "POST":
        return False
    return was_sent(case.pk, _key(request), *codes, user=user)


def _done(request: HttpRequest, case: Case, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("case", case.pk)


@require_POST
def case_take(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Take a case oneself."""
    case, user = _office_case(request, case_id)
    beside.assign(case.pk, user, user, key=_key(request))
    return _done(request, case, _("You work on this case now."))


@require_http_methods(["GET", "HEAD", "POST"])
def case_hand_over(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Hand a case over to a colleague of the same party.

    Raises:
        NotYourTurn: it is not the account's turn.
    """
    case, user = _office_case(request, case_id)
    if _was_done(request, case, user, history.ASSIGN):
        return redirect("case", case.pk)
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
        note = form.cleaned_data["note"]
        beside.assign(case.pk, user, colleague, note, key=_key(request))
    except Refusal as refusal:
        return _page(request, case, form, refusal.status, refused=refusal, **words)
    return _done(request, case, _("The case is with %(who)s now.") % {"who": colleague})


@require_http_methods(["GET", "HEAD", "POST"])
def case_stand_aside(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Leave a case to colleagues because it is too close (回避).

    Raises:
        NotYourTurn: the account has no part in the case.
        Recused: it stood aside already.
    """
    # Whoever stood aside reads the case no more, so a form sent twice is known before.
    key = _typed_key(request)
    if key is not None and was_sent(case_id, key, history.RECUSE, user=account(request)):
        return redirect("case_desk")
    case, user = _office_case(request, case_id)
    if "stand_aside" not in office_actions(case, user).beside:
        raise NotYourTurn(_("You are not in charge of this case."))
    form = ReasonForm(request.POST or None)
    words: dict[str, Any] = {
        "title": _("Stand aside in this case"),
        "button": _("Stand aside"),
        "consequences": [
            _("You neither read the case nor do anything in it any more."),
            _("A colleague has to take it. This cannot be taken back."),
        ],
    }
    if request.method != "POST":
        return _page(request, case, form, **words)
    if not form.is_valid():
        return _page(request, case, form, UNPROCESSABLE, **words)
    beside.recuse(case.pk, user, form.cleaned_data["reason"], key=_key(request))
    messages.success(request, _("You stand aside in this case."))
    return redirect("case_desk")


@require_http_methods(["GET", "HEAD", "POST"])
def case_extend(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Ask a leader to extend the running limit once.

    Raises:
        Refusal: it is not the account's turn, or the limit cannot be extended.
    """
    case, user = _office_case(request, case_id)
    if _was_done(request, case, user, history.ASK_EXTENSION):
        return redirect("case", case.pk)
    if "extend" not in office_actions(case, user).beside:
        raise ConditionNotMet(_("The time limit of this step cannot be extended."))
    row = case.table.clock(case.standing.clock)
    form = ExtensionForm(request.POST or None)
    words: dict[str, Any] = {
        "title": _("Ask for more time"),
        "button": _("Ask for more time"),
        "consequences": [
            _("A leader decides on it. Until then the time goes on."),
            *_of_extension(row),
        ],
    }
    if request.method != "POST":
        return _page(request, case, form, **words)
    if not form.is_valid():
        return _page(request, case, form, UNPROCESSABLE, **words)
    try:
        beside.ask_extension(case.pk, user, form.cleaned_data["reason"], key=_key(request))
    except Refusal as refusal:
        return _page(request, case, form, refusal.status, refused=refusal, **words)
    return _done(request, case, _("The leaders are asked for more time."))


def _of_extension(row: Clock) -> list[Any]:
    """Return what an extension does, and by which rule."""
    # Read from its row at this moment; a plural needs the number itself.
    days = int(row.extension)
    length = (
        ngettext(
            "Granted, the limit “%(clock)s” becomes %(days)d working day longer, once.",
            "Granted, the limit “%(clock)s” becomes %(days)d working days longer, once.",
            days,
        )
        if row.kind is DayKind.WORKING
        else ngettext(
            "Granted, the limit “%(clock)s” becomes %(days)d day longer, once.",
            "Granted, the limit “%(clock)s” becomes %(days)d days longer, once.",
            days,
        )
    )
    return [
        length % {"clock": row.name, "days": days},
        _("The applicant then gets a message with the new date, and reads the reason."),
        *([row.extension_clause] if row.extension_clause else []),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def case_extension_decide(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Grant or refuse more time, as a leader who did not ask for it.

    Raises:
        Refusal: nobody asked, or somebody else decides.
    """
    case, user = _office_case(request, case_id)
    if _was_done(request, case, user, history.EXTEND, history.REFUSE_EXTENSION):
        return redirect("case", case.pk)
    asked = open_extension(case)
    if asked is None:
        raise AlreadyMoved(_("Nobody asks for more time in this case now."))
    beside.require_decider(case, asked, user)
    form = ExtensionDecisionForm(request.POST or None)
    words: dict[str, Any] = {
        "title": _("Decide on more time"),
        "button": _("Decide"),
        "consequences": [
            _("%(who)s asks for more time: %(why)s") % {"who": asked.asked_by, "why": asked.reason},
            *_of_extension(case.table.clock(asked.clock.code)),
        ],
    }
    if request.method != "POST":
        return _page(request, case, form, **words)
    if not form.is_valid():
        return _page(request, case, form, UNPROCESSABLE, **words)
    granted, answer = form.cleaned_data["granted"], form.cleaned_data["answer"]
    try:
        beside.decide_extension(asked.pk, user, granted=granted, answer=answer, key=_key(request))
    except Refusal as refusal:
        return _page(request, case, form, refusal.status, refused=refusal, **words)
    return _done(
        request, case, _("The time limit is extended.") if granted else _("More time is refused.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def case_call(request: HttpRequest, case_id: uuid.UUID, call_id: int) -> HttpResponse:
    """Write down that the applicant was phoned, where an SMS did not arrive.

    Raises:
        Http404: the case has no such call for this account.
    """
    case, user = _office_case(request, case_id)
    call = case.calls.filter(pk=call_id).first()
    if call is None:
        raise Http404(_("There is no such call."))
    form = CallForm(request.POST or None)
    words: dict[str, Any] = {
        "title": _("Phone the applicant"),
        "button": _("I phoned"),
        "consequences": [
            _("The SMS “%(what)s” could not be delivered.") % {"what": call.what},
            _("Please say what the message said, slowly, and ask whether the number is right."),
        ],
    }
    if request.method != "POST":
        return _page(request, case, form, **words)
    if not form.is_valid():
        return _page(request, case, form, UNPROCESSABLE, **words)
    try:
        calls.finish(call.pk, user, form.cleaned_data["result"])
    except Refusal as refusal:
        return _page(request, case, form, refusal.status, refused=refusal, **words)
    return _done(request, case, _("The call is written down."))


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
