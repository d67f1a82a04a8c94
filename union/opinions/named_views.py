"""Pages of senders who are signed in: send, write, follow, give the name later."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.cases.models import Case, SubmissionKey
from portal.cases.status import is_applicants_turn
from portal.cases.views.private import private_answer
from portal.cases.views.reading import account, is_own, readable_case
from portal.refusals import Refusal
from union.models import FeedbackBoxPage, Opinion, OpinionMode
from union.opinions import dialogue, naming
from union.opinions.flow import FLOW, INTEGRITY_FLOW
from union.opinions.sender_forms import (
    MessageForm,
    NamedOpinionForm,
    ReceiptForm,
    refusal_words,
)
from union.opinions.sending import NewOpinion, send_named

UNPROCESSABLE = 422
PER_PAGE = 20


@login_not_required
@require_safe
def opinion_boxes(request: HttpRequest) -> HttpResponse:
    """List the boxes; open to visitors."""
    boxes = FeedbackBoxPage.objects.visible_to(request.user).order_by("title")
    return render(
        request,
        "union/opinions/boxes.html",
        {"boxes": boxes.prefetch_related("categories"), "signed_in": request.user.is_authenticated},
    )


def key_of(request: HttpRequest) -> uuid.UUID:
    """Return the key of the form that was sent, or a new one."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
@sensitive_post_parameters()
@sensitive_variables("form", "new")
def opinion_named(request: HttpRequest, box_id: int) -> HttpResponse:
    """Take an opinion of somebody signed in; sent twice, it arrives once.

    Raises:
        Http404: there is no such box for this account.
    """
    user = account(request)
    box = get_object_or_404(FeedbackBoxPage.objects.visible_to(user), pk=box_id)
    if user.person is None:
        raise Http404(_("Your account belongs to no person."))
    key = key_of(request)
    if request.method != "POST":
        return _named_page(request, box, NamedOpinionForm(box=box), key)
    sent = SubmissionKey.objects.filter(key=key, user=user).first()
    if sent is not None:
        return redirect("case", sent.case_id)
    form = NamedOpinionForm(request.POST, request.FILES, box=box)
    if not form.is_valid():
        return _named_page(request, box, form, key, status=UNPROCESSABLE)
    values = form.cleaned_data
    new = NewOpinion(
        box=box,
        category=values["category"],
        text=values["text"],
        mode=values["mode"],
        accused_unit=values["accused_unit"],
        may_publish=values["may_publish"],
        pictures=values.get("pictures", []),
        person=user.person,
    )
    try:
        case = send_named(new, user, key=key)
    except Refusal as refusal:
        words = refusal_words(refusal)
        return _named_page(request, box, form, key, status=refusal.status, **words)
    messages.success(request, _("Your opinion has arrived. Its number is %s.") % case.number)
    return redirect("case", case.pk)


def _named_page(
    request: HttpRequest,
    box: FeedbackBoxPage,
    form: NamedOpinionForm,
    key: uuid.UUID,
    status: int = 200,
    **words: Any,
) -> HttpResponse:
    context = {"box": box, "form": form, "key": key, "pictures_again": bool(request.FILES)}
    return render(request, "union/opinions/named.html", {**context, **words}, status=status)


@require_safe
@private_answer
def opinion_mine(request: HttpRequest) -> HttpResponse:
    """List the opinions somebody sent with the own name (我的意见)."""
    own = (
        Case.objects.of_person(account(request).person)
        .submitted()
        .filter(flow__in=(FLOW, INTEGRITY_FLOW))
    )
    paginator = Paginator(own, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "union/opinions/mine.html",
        {
            "page_obj": page,
            "rows": [{"case": case, "turn": is_applicants_turn(case)} for case in page],
            "total": paginator.count,
        },
    )


# ---- Writing to each other


@require_POST
@private_answer
@sensitive_post_parameters()
@sensitive_variables("form")
def opinion_message(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Write to the other side: as the sender, or as the office.

    Raises:
        Http404: the account may not read the case, or it is no opinion.
        Refusal: the account has no part in it.
    """
    case = readable_case(request, case_id)
    opinion = get_object_or_404(Opinion, pk=case.pk)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return render(
            request,
            "union/opinions/message.html",
            {"form": form, "case": case},
            status=UNPROCESSABLE,
        )
    body = form.cleaned_data["body"]
    if _is_repeated(opinion, body):
        return redirect(reverse("case", args=[case.pk]) + "#opinion-messages")
    if is_own(request, case):
        dialogue.write_as_sender(opinion, body)
    else:
        dialogue.write_as_staff(case.pk, account(request), body)
    messages.success(request, _("Your message is sent."))
    return redirect(reverse("case", args=[case.pk]) + "#opinion-messages")


def _is_repeated(opinion: Opinion, body: str) -> bool:
    """Whether the same form was sent a second time."""
    last = opinion.messages.order_by("-pk").first()
    return last is not None and last.body == body


# ---- The name, later


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
@sensitive_post_parameters("receipt")
@sensitive_variables("form", "receipt")
def opinion_claim(request: HttpRequest) -> HttpResponse:
    """Give the own name to an opinion that was sent without one; it is never taken back."""
    user = account(request)
    form = ReceiptForm(request.POST or None)
    mode = request.POST.get("mode", OpinionMode.NAMED)
    if request.method != "POST":
        return _claim_page(request, form)
    if mode not in (OpinionMode.NAMED, OpinionMode.NAME_HIDDEN) or "sure" not in request.POST:
        words = {
            "refused_title": _("Please tick the box"),
            "refused": _("Giving your name cannot be taken back."),
        }
        return _claim_page(request, form, UNPROCESSABLE, **words)
    try:
        case = naming.give_name(form.typed(), user, mode)
    except Refusal as refusal:
        return _claim_page(request, form, refusal.status, **refusal_words(refusal))
    messages.success(request, _("The opinion now has your name. You find it here."))
    return redirect("case", case.pk)


def _claim_page(
    request: HttpRequest, form: ReceiptForm, status: int = 200, **words: Any
) -> HttpResponse:
    return render(request, "union/opinions/claim.html", {"form": form, **words}, status=status)
