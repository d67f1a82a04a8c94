"""The pages of suggestions: the list, one suggestion, writing, scoring, the register."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.address_values import plain_text
from portal.cases import services as cases
from portal.cases.models import Case, SubmissionKey
from portal.cases.permissions import may_read, must_stand_aside
from portal.cases.views.private import private_answer
from portal.organizations.models import UnitKind
from portal.people.models import User
from portal.refusals import Refusal
from portal.spreadsheets import workbook_response
from union import participation_rules as rules
from union.models import (
    ScoreCriterion,
    ScorePoint,
    Suggestion,
    SuggestionClass,
    SuggestionScore,
)
from union.suggestions import figures, services
from union.suggestions.awards import due
from union.suggestions.flow import STATES
from union.suggestions.forms import ScoreForm, SuggestionForm
from union.suggestions.permissions import (
    FLOW,
    is_scorer,
    may_change,
    reads_register,
    reads_suggestions,
    visible_suggestions,
)

PAGE_SIZE = 20
UNPROCESSABLE = 422
LISTS = ("all", "mine", "score")


def account(request: HttpRequest) -> User:
    """Return the account of a page for those who work here.

    Raises:
        PermissionDenied: it belongs to somebody else.
    """
    user = request.user
    if not isinstance(user, User) or not reads_suggestions(user):
        raise PermissionDenied
    return user


@require_safe
@private_answer
def suggestions(request: HttpRequest) -> HttpResponse:
    """List suggestions with filters."""
    user = account(request)
    classes = list(SuggestionClass.objects.all())
    states = [(state.code, state.name) for state in STATES if state.code != "draft"]
    chosen = request.GET.get("class", "")
    state = request.GET.get("state", "")
    words = plain_text(request.GET.get("q", ""))
    which = request.GET.get("list", "all")
    rows: Any = visible_suggestions(user)
    if chosen in {row.code for row in classes}:
        rows = rows.filter(suggestion_class__code=chosen)
    if state in dict(states):
        rows = rows.filter(case__state=state)
    if words:
        rows = rows.filter(Q(case__item__icontains=words) | Q(case__number__icontains=words))
    if which == "mine":
        own = Q(case__applicant=user.person_id) | Q(co_authors=user.person_id)
        rows = rows.filter(own).distinct()
    elif which == "score":
        given = SuggestionScore.objects.filter(suggestion=OuterRef("pk"), scorer=user)
        rows = rows.filter(~Exists(given), case__state="verified")
    rows = rows.select_related("case__unit", "case__applicant", "suggestion_class", "award__tier")
    paginator = Paginator(rows.order_by("-case__submitted_at", "pk"), PAGE_SIZE)
    return render(
        request,
        "union/suggestions/list.html",
        {
            "page_obj": paginator.get_page(request.GET.get("page")),
            "total": paginator.count,
            "classes": classes,
            "states": states,
            "chosen": {
                "class": chosen,
                "state": state,
                "q": words,
                "list": which if which in LISTS else "all",
            },
            "reads_register": reads_register(user),
            "days": rules.number(rules.SUGGESTION_REVIEW),
        },
    )


def _visible(user: User, case_id: uuid.UUID) -> Suggestion:
    rows = visible_suggestions(user).select_related(
        "case__unit", "case__applicant", "suggestion_class", "award__tier", "award__benefit_tier"
    )
    return get_object_or_404(rows, pk=case_id)


@require_safe
@private_answer
def suggestion(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Show one suggestion as its readers may see it.

    Raises:
        Http404: there is none for this account.
    """
    user = account(request)
    found = _visible(user, case_id)
    case = found.case
    return render(
        request,
        "union/suggestions/detail.html",
        {
            "suggestion": found,
            "case": case,
            "state": case.standing,
            "co_authors": list(found.co_authors.order_by("pk")),
            "is_own": case.applicant_id == user.person_id,
            "reads_case": may_read(user, case),
            "may_score": case.state == "verified" and is_scorer(user, case),
            "own_score": found.scores.filter(scorer=user).first(),
        },
    )


def _key(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def suggestion_new(request: HttpRequest) -> HttpResponse:
    """Write a suggestion: keep it as a draft, or hand it in at once."""
    return _write(request, account(request), None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def suggestion_edit(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Change an own draft, or complete what was deferred.

    Raises:
        Http404: it is not the account's own.
    """
    user = account(request)
    case = get_object_or_404(
        Case.objects.select_related("unit", "applicant"),
        pk=case_id,
        flow=FLOW,
        applicant=user.person_id,
    )
    if case.subject is None:
        raise Http404
    if not may_change(user, case):
        messages.error(request, _("It was handed in; it can be changed when it is deferred."))
        return redirect("case", case.pk)
    return _write(request, user, case)


def _initial(user: User, case: Case | None) -> dict[str, Any]:
    if case is None:
        unit = user.person.unit if user.person is not None else None
        own = unit is not None and unit.kind == UnitKind.ADMINISTRATIVE
        return {"unit": unit if own else None}
    found: Suggestion = case.subject
    numbers = found.co_authors.order_by("pk").values_list("employee_number", flat=True)
    return {
        "title": case.item,
        "unit": case.unit_id,
        "numbers": "、".join(number for number in numbers if number),
        **{name: getattr(found, name) for name in services.TEXTS},
    }


def _write(request: HttpRequest, user: User, case: Case | None) -> HttpResponse:
    key = _key(request)
    if request.method == "POST":
        sent = SubmissionKey.objects.filter(key=key, user=user, case__flow=FLOW).first()
        if sent is not None:
            return redirect("case", sent.case_id)
    form = SuggestionForm(request.POST or None, request.FILES or None, initial=_initial(user, case))
    refusal, status = None, 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                return redirect(_save(request, user, case, form.cleaned_data, key))
            except Refusal as refused:
                refusal, status = refused, refused.status
    return render(
        request,
        "union/suggestions/write.html",
        {
            "form": form,
            "case": case,
            "key": key,
            "refusal": refusal,
            "is_draft": case is None or case.is_draft,
            "documents": case.documents.select_related("file") if case is not None else [],
        },
        status=status,
    )


def _save(
    request: HttpRequest, user: User, case: Case | None, values: dict[str, Any], key: uuid.UUID
) -> str:
    kept = services.save(user, values["unit"], values, values["attachments"] or [], case=case)
    step = "submit" if kept.is_draft else "resubmit"
    if "submit" in request.POST:
        try:
            cases.apply(kept.pk, step, user, {}, key=key)
        except Refusal as refusal:
            # The draft is kept, so what was typed is not lost.
            messages.error(request, str(refusal.message))
            return reverse("suggestion_edit", args=[kept.pk])
        messages.success(request, _("Your suggestion is handed in."))
        return reverse("case", args=[kept.pk])
    messages.success(request, _("Your suggestion is kept."))
    return reverse("suggestion_edit" if kept.is_draft else "case", args=[kept.pk])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
def suggestion_score(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Score a suggestion; the scores of others are shown once one's own is given.

    Raises:
        Http404: the account does not read it.
        PermissionDenied: the account does not score it.
    """
    user = account(request)
    found = _visible(user, case_id)
    if must_stand_aside(user, found.case) or not is_scorer(user, found.case):
        raise PermissionDenied
    own = found.scores.filter(scorer=user).first()
    criteria = list(ScoreCriterion.objects.all())
    points = ScorePoint.objects.filter(score=own).values_list("criterion__code", "points")
    initial: dict[str, Any] = {f"points-{code}": value for code, value in points}
    initial["remark"] = own.remark if own else ""
    form = ScoreForm(request.POST or None, criteria=criteria, initial=initial)
    refusal, status = None, 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                services.score(found.pk, user, form.points(), form.cleaned_data["remark"])
            except Refusal as refused:
                refusal, status = refused, refused.status
            else:
                messages.success(request, _("Your score is written down."))
                return redirect("suggestion", found.pk)
    others = found.scores.exclude(scorer=user).select_related("scorer__person") if own else []
    return render(
        request,
        "union/suggestions/score.html",
        {
            "suggestion": found,
            "case": found.case,
            "form": form,
            "refusal": refusal,
            "own": own,
            "others": others,
            "criteria": criteria,
            "needed": rules.number(rules.SCORERS),
            "due": due(found, timezone.localdate()) if own else None,
        },
        status=status,
    )


def _year(request: HttpRequest) -> int:
    years = figures.years()
    typed = request.GET.get("year", "")
    return int(typed) if typed.isascii() and typed.isdigit() and int(typed) in years else years[0]


@never_cache
@require_safe
@private_answer
def suggestion_register(request: HttpRequest) -> HttpResponse:
    """Show the register of awards and the figures by class and unit.

    Raises:
        PermissionDenied: the account does not read it.
    """
    if not reads_register(account(request)):
        raise PermissionDenied
    year = _year(request)
    paginator = Paginator(figures.awards_of(year), PAGE_SIZE)
    return render(
        request,
        "union/suggestions/register.html",
        {
            "year": year,
            "years": figures.years(),
            "page_obj": paginator.get_page(request.GET.get("page")),
            "total": figures.total(year),
            "tables": [
                ("by-class", _("By class"), _("Class"), figures.by_class(year)),
                ("by-unit", _("By unit"), _("Unit"), figures.by_unit(year)),
            ],
        },
    )


@never_cache
@require_safe
def suggestion_sheet(request: HttpRequest) -> HttpResponseBase:
    """Hand out register and figures as a workbook.

    Raises:
        PermissionDenied: the account does not read them.
    """
    if not reads_register(account(request)):
        raise PermissionDenied
    year = _year(request)
    return workbook_response(figures.workbook(year), f"suggestions-{year}.xlsx")
