"""The pages of delegates: the list, one proposal, writing and changing, seconding."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.cases import services as cases
from portal.cases.models import Case, SubmissionKey
from portal.cases.permissions import may_read
from portal.cases.views.private import private_answer
from portal.people.models import User
from portal.refusals import Refusal
from union.models import CongressSession, Proposal, ProposalCategory, ProposalUnit
from union.proposals import listing, services
from union.proposals.forms import OpinionForm, ProposalForm
from union.proposals.guards import needed_seconders
from union.proposals.permissions import (
    BEFORE_FILING,
    FLOW,
    mandate_of,
    may_change,
    reads_congress,
    reads_proposals,
    visible_proposals,
)
from union.proposals.states import STATES
from union.proposals.supporters import supporters_of

PAGE_SIZE = 20
UNPROCESSABLE = 422


def account(request: HttpRequest) -> User:
    """Return the account of a page for those who work here.

    Raises:
        PermissionDenied: it belongs to somebody else, such as a family.
    """
    user = request.user
    if not isinstance(user, User) or not reads_proposals(user):
        raise PermissionDenied
    return user


def for_employees(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let those who work here in, and nobody else."""

    @wraps(view)
    def checked(request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponse:
        account(request)
        return view(request, *arguments, **keywords)

    return checked


def collecting_sessions(user: User) -> list[CongressSession]:
    """Return the sessions for which the account may propose today."""
    today = timezone.localdate()
    open_now = CongressSession.objects.select_related("term").filter(
        opens_on__lte=today, closes_on__gte=today
    )
    return [session for session in open_now if mandate_of(user, session) is not None]


@require_safe
@private_answer
@for_employees
def proposals(request: HttpRequest) -> HttpResponse:
    """List proposals with filters."""
    user = account(request)
    sessions = list(CongressSession.objects.select_related("term"))
    categories = list(ProposalCategory.objects.all())
    choice = listing.choice_of(request, sessions, categories)
    rows = listing.chosen(choice, user)
    paginator = Paginator(rows, PAGE_SIZE)
    return render(
        request,
        "union/proposals/list.html",
        {
            "page_obj": paginator.get_page(request.GET.get("page")),
            "total": paginator.count,
            "choice": choice,
            "sessions": sessions,
            "categories": categories,
            "states": [(state.code, state.name) for state in STATES if state.code != "draft"],
            "collecting": collecting_sessions(user),
            "is_delegate": choice.session is not None
            and mandate_of(user, choice.session) is not None,
            "needed": _needed(choice.session),
            "today": timezone.localdate(),
            "reads_congress": reads_congress(user),
        },
    )


def _needed(session: CongressSession | None) -> int:
    return needed_seconders(Proposal(session=session)) if session is not None else 0


def _visible(user: User, case_id: uuid.UUID) -> Proposal:
    rows = visible_proposals(user).select_related(
        "case__unit",
        "case__applicant",
        "session__term",
        "category",
        "proposer__person",
        "proposer__unit",
        "merged_into__case",
    )
    return get_object_or_404(rows, pk=case_id)


@require_safe
@private_answer
@for_employees
def proposal(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Show one proposal as its readers may see it.

    Raises:
        Http404: there is none for this account.
    """
    user = account(request)
    found = _visible(user, case_id)
    return render(request, "union/proposals/detail.html", _detail(user, found))


def _detail(user: User, found: Proposal, **more: Any) -> dict[str, Any]:
    case = found.case
    supporters = supporters_of(found)
    mandate = mandate_of(user, found.session)
    own = case.applicant_id == user.person_id
    seconds_it = found.seconds.standing().filter(delegate__person=user.person_id).exists()
    collects = found.session.collects_on(timezone.localdate())
    units = list(found.units.select_related("unit", "given_by__person"))
    return {
        "proposal": found,
        "case": case,
        "state": case.standing,
        "supporters": supporters,
        "own_seconds": sum(row.number == case.number for row in supporters),
        "needed": needed_seconders(found),
        "merged": list(found.merged.select_related("case").order_by("sequence")),
        "units": units,
        "is_own": own,
        "shows_reply": case.state in ("answered", "closed") and bool(found.reply),
        "is_withdrawn": case.state == "withdrawn",
        "may_second": case.state == "collecting"
        and collects
        and mandate is not None
        and not own
        and not seconds_it,
        "may_withdraw_second": seconds_it and case.state in BEFORE_FILING,
        "may_change": own and may_change(user, case),
        "reads_case": may_read(user, case),
        "speaks_for": [
            row
            for row in units
            if case.state == "handling" and services.may_give_opinion(user, row)
        ],
        "opinion_form": OpinionForm(),
        **more,
    }


@require_POST
@private_answer
@for_employees
def proposal_second(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Second a proposal, or take the second back.

    Raises:
        Http404: there is no such proposal for this account.
        Refusal: it is not possible now.
    """
    user = account(request)
    found = _visible(user, case_id)
    if "withdraw" in request.POST:
        services.withdraw_second(found.pk, user)
        messages.success(request, _("You do not second this proposal any more."))
    else:
        services.second(found.pk, user)
        messages.success(request, _("You second this proposal."))
    return redirect("proposal", found.pk)


@require_POST
@private_answer
@for_employees
def proposal_opinion(request: HttpRequest, row_id: int) -> HttpResponse:
    """Write down the opinion of a helping unit.

    Raises:
        Http404: there is no such unit of a proposal this account may read.
    """
    user = account(request)
    row = get_object_or_404(ProposalUnit, pk=row_id, lead=False)
    found = _visible(user, row.proposal_id)
    form = OpinionForm(request.POST)
    status, refused = UNPROCESSABLE, ""
    if form.is_valid():
        try:
            services.give_opinion(row.pk, user, form.cleaned_data["opinion"])
        except Refusal as refusal:
            status, refused = refusal.status, str(refusal.message)
        else:
            messages.success(request, _("The opinion is written down."))
            return redirect("proposal", found.pk)
    context = _detail(user, found, opinion_form=form, form=form, refused=refused)
    return render(request, "union/proposals/detail.html", context, status=status)


def _key(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
@for_employees
def proposal_new(request: HttpRequest, session_id: int) -> HttpResponse:
    """Write a proposal: keep it as a draft, or hand it in at once.

    Raises:
        Http404: there is no such session.
        Refusal: the account is no delegate, or proposals are not collected now.
    """
    user = account(request)
    session = get_object_or_404(CongressSession.objects.select_related("term"), pk=session_id)
    return _write(request, user, session, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@private_answer
@for_employees
def proposal_edit(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Change an own proposal while nobody has seconded it.

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
        messages.error(
            request,
            _(
                "Somebody has seconded this proposal, so its text stays as it is. You can withdraw"
                " it and write a new one."
            ),
        )
        return redirect("case", case.pk)
    return _write(request, user, case.subject.session, case)


def _initial(case: Case | None) -> dict[str, Any]:
    if case is None:
        return {}
    found: Proposal = case.subject
    return {
        "subject": case.item,
        "category": found.category_id,
        "reasons": found.reasons,
        "measures": found.measures,
        "phone": found.phone,
    }


def _write(
    request: HttpRequest, user: User, session: CongressSession, case: Case | None
) -> HttpResponse:
    key = _key(request)
    if request.method == "POST":
        sent = SubmissionKey.objects.filter(key=key, user=user, case__flow=FLOW).first()
        if sent is not None:
            return redirect("case", sent.case_id)
    form = ProposalForm(request.POST or None, initial=_initial(case))
    refusal, status = None, 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                saved = _save(request, user, session, case, form.cleaned_data, key)
            except Refusal as refused:
                refusal, status = refused, refused.status
            else:
                return redirect(saved)
    elif case is None and mandate_of(user, session) is None:
        raise PermissionDenied
    return render(
        request,
        "union/proposals/write.html",
        {
            "form": form,
            "session": session,
            "case": case,
            "key": key,
            "refusal": refusal,
            "is_draft": case is None or case.is_draft,
            "needed": _needed(session),
            "collects": session.collects_on(timezone.localdate()),
        },
        status=status,
    )


def _save(
    request: HttpRequest,
    user: User,
    session: CongressSession,
    case: Case | None,
    values: dict[str, Any],
    key: uuid.UUID,
) -> str:
    """Keep what was typed, hand it in when that was asked for; return where to go."""
    if case is None:
        kept = services.start(session, user, values)
    else:
        kept = services.change(case.pk, user, values)
    if "submit" in request.POST and kept.is_draft:
        try:
            cases.apply(kept.pk, "submit", user, {}, key=key)
        except Refusal as refusal:
            # The draft is kept, so what was typed is not lost.
            messages.error(request, str(refusal.message))
            return reverse("proposal_edit", args=[kept.pk])
        messages.success(request, _("Your proposal is handed in. Other delegates can second it."))
        return reverse("case", args=[kept.pk])
    messages.success(request, _("Your proposal is kept."))
    return reverse("proposal_edit" if kept.is_draft else "case", args=[kept.pk])
