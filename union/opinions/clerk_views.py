"""Pages of clerks: write down what was said or came on paper, and look through the quarantine."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from portal.cases.models import SubmissionKey
from portal.cases.views.private import private_answer
from portal.cases.views.reading import account
from portal.people.models import User
from portal.refusals import Refusal
from portal.roles.permissions import has_role
from union.models import (
    FaceToFaceDay,
    FeedbackBoxPage,
    OpinionCategory,
    OpinionMode,
    QuarantinedItem,
)
from union.opinions import quarantine
from union.opinions.named_views import key_of
from union.opinions.sender_forms import EntryForm, FaceToFaceForm, refusal_words
from union.opinions.sending import NewOpinion, enter, unit_of

UNPROCESSABLE = 422
PER_PAGE = 20
# Digits of the largest key of 63 bits.
LONGEST_KEY = 19
UNION_CLERK, DISCIPLINE_CLERK = "union_staff", "discipline_auditor"


def may_enter(user: Any) -> bool:
    """Whether the account writes opinions down: for the union, or the discipline inspection."""
    return has_role(user, UNION_CLERK, DISCIPLINE_CLERK)


def _clerk(request: HttpRequest) -> User:
    user = account(request)
    if not may_enter(user):
        raise PermissionDenied
    return user


def own_categories(user: User) -> Any:
    """Return the categories the account writes down; integrity reports are the inspection's."""
    found = OpinionCategory.objects.all()
    if not has_role(user, UNION_CLERK):
        return found.filter(to_discipline=True)
    return found if has_role(user, DISCIPLINE_CLERK) else found.filter(to_discipline=False)


@require_http_methods(["GET", "HEAD"])
@private_answer
def opinion_entry_boxes(request: HttpRequest) -> HttpResponse:
    """Let a clerk choose the box.

    Raises:
        PermissionDenied: the account writes none down.
    """
    _clerk(request)
    boxes = FeedbackBoxPage.objects.filter(live=True).order_by("title")
    return render(request, "union/opinions/entry_boxes.html", {"boxes": boxes})


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
@sensitive_post_parameters()
@sensitive_variables("form", "new", "values")
def opinion_entry(request: HttpRequest, box_id: int) -> HttpResponse:
    """Write down an opinion for somebody; sent twice, it is written down once.

    Raises:
        PermissionDenied: the account writes none down.
    """
    user = _clerk(request)
    box = get_object_or_404(FeedbackBoxPage, pk=box_id, live=True)
    key = key_of(request)
    sent = SubmissionKey.objects.filter(key=key, user=user).first()
    if sent is not None:
        return redirect("case", sent.case_id)
    categories = own_categories(user)
    if request.method != "POST":
        form = EntryForm(box=box, own_categories=categories)
        return _entry_page(request, box, form, key)
    form = EntryForm(request.POST, request.FILES, box=box, own_categories=categories)
    if not form.is_valid():
        return _entry_page(request, box, form, key, status=UNPROCESSABLE)
    values = form.cleaned_data
    new = NewOpinion(
        box=box,
        category=values["category"],
        text=values["text"],
        mode=OpinionMode(values["mode"]),
        accused_unit=values["accused_unit"],
        may_publish=values["may_publish"],
        pictures=values.get("pictures", []),
        channel=values["channel"],
        person=values["person"],
        entered_by=user,
        face_to_face=values["face_to_face"],
        received_on=values["received_on"],
    )
    try:
        case = enter(new, user, key=key)
    except Refusal as refusal:
        words = refusal_words(refusal)
        return _entry_page(request, box, form, key, status=refusal.status, **words)
    messages.success(request, _("It is written down as %s.") % case.number)
    return redirect("case", case.pk)


def _is_key(typed: str) -> bool:
    """Whether a value can be a key; Python refuses to read much longer numbers at all."""
    return typed.isdecimal() and len(typed) <= LONGEST_KEY


def _entry_page(
    request: HttpRequest,
    box: FeedbackBoxPage,
    form: EntryForm,
    key: Any,
    status: int = 200,
    **words: Any,
) -> HttpResponse:
    context = {"box": box, "form": form, "key": key, "pictures_again": bool(request.FILES)}
    return render(request, "union/opinions/entry.html", {**context, **words}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def opinion_days(request: HttpRequest) -> HttpResponse:
    """List face-to-face days and enter a new one.

    Raises:
        PermissionDenied: the account writes none down.
    """
    user = _clerk(request)
    form = FaceToFaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        day: FaceToFaceDay = form.save(commit=False)
        box = FeedbackBoxPage.objects.filter(live=True).order_by("pk").first()
        unit = user.person.unit if user.person is not None else None
        chosen = unit or (unit_of(box) if box is not None else None)
        if chosen is None:
            raise PermissionDenied
        day.unit = chosen
        day.save()
        messages.success(request, _("The day is entered."))
        return redirect("opinion_days")
    page = Paginator(FaceToFaceDay.objects.select_related("unit"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "union/opinions/days.html",
        {"form": form, "page_obj": page},
        status=UNPROCESSABLE if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
@sensitive_variables("row")
def opinion_quarantine(request: HttpRequest) -> HttpResponse:
    """Look through what came in a flood: let it in as an opinion, or throw it away.

    Raises:
        PermissionDenied: the account looks through none.
    """
    user = _clerk(request)
    rows = quarantine.of(user)
    if request.method == "POST":
        key = request.POST.get("item", "")
        row: QuarantinedItem = get_object_or_404(rows, pk=int(key) if _is_key(key) else 0)
        if "in" in request.POST:
            case = quarantine.let_in(row.pk)
            messages.success(request, _("It is an opinion now: %s.") % case.number)
        else:
            quarantine.throw_away(row.pk)
            messages.success(request, _("It is thrown away."))
        return redirect("opinion_quarantine")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "union/opinions/quarantine.html", {"page_obj": page})
