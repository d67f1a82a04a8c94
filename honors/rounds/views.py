"""Pages of employees and branches: open rounds, nominating, own nominations, the branch's word."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from honors.models import HonorDecisionPage, Nomination, Round
from honors.office import submit
from honors.rounds import nominating, reading
from honors.rounds.files import materials
from honors.rounds.nomination_forms import AssessForm, NominationForm, initial_of_nomination
from honors.rounds.permissions import (
    branches_of,
    is_employee,
    is_nominator,
    may_read,
    reads_rounds,
    runs_rounds,
    speaks_for,
)
from honors.rounds.terms import terms_of
from portal.office_pages import (
    METHODS,
    UNPROCESSABLE,
    account,
    add_errors,
    confirm_page,
    guarded,
)
from portal.pages.models import Publication
from portal.refusals import Refusal


def readable_nomination(request: HttpRequest, pk: int) -> Nomination:
    """Return a nomination the account may read.

    Raises:
        Http404: there is none, or it is not for this account; nobody learns which.
    """
    nomination = Nomination.objects.select_related(*reading.RELATED).filter(pk=pk).first()
    if nomination is None or not may_read(request.user, nomination):
        raise Http404(_("There is no such nomination."))
    return nomination


@require_safe
@guarded(is_employee)
def rounds(request: HttpRequest) -> HttpResponse:
    """Show the rounds: those that take nominations first, then the others."""
    today = timezone.localdate()
    found = reading.rounds_for(request.user)
    running = Round.objects.nominating(today).values("pk")
    others = Paginator(found.exclude(pk__in=running), reading.PER_PAGE)
    return render(
        request,
        "honors/rounds/list.html",
        {
            "open_rounds": list(found.filter(pk__in=running)),
            "page_obj": others.get_page(request.GET.get("page")),
            "may_prepare": runs_rounds(request.user),
            "reads_cases": reads_rounds(request.user),
            "today": today,
        },
    )


@require_safe
@login_not_required
def decisions(request: HttpRequest) -> HttpResponse:
    """Show the decisions that conferred titles, the newest first, to whoever may read them."""
    kind = HonorDecisionPage.kind
    found = Publication.objects.visible_to(request.user).of_kind(kind).select_related("unit")
    page = Paginator(found.order_by("-business_date", "-pk"), reading.PER_PAGE)
    context = {"page_obj": page.get_page(request.GET.get("page"))}
    return render(request, "honors/rounds/decisions.html", context)


@require_safe
@guarded(is_employee)
def my_nominations(request: HttpRequest) -> HttpResponse:
    """Show what the account nominated, and where it is nominated itself."""
    found = Paginator(reading.nominations_by(account(request)), reading.PER_PAGE)
    context = {
        "page_obj": found.get_page(request.GET.get("page")),
        "title": _("My nominations"),
        "empty": _("You have not nominated anybody yet"),
    }
    return render(request, "honors/rounds/nominations.html", context)


@require_safe
@guarded(lambda user: bool(branches_of(user)))
def branch_nominations(request: HttpRequest) -> HttpResponse:
    """Show what was handed in to the branches of the account."""
    found = Paginator(reading.nominations_of_branches(request.user), reading.PER_PAGE)
    context = {
        "page_obj": found.get_page(request.GET.get("page")),
        "title": _("Nominations of the branch"),
        "empty": _("Nobody has been nominated to your branch yet"),
    }
    return render(request, "honors/rounds/nominations.html", context)


@require_safe
@guarded(is_employee)
def nomination(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one nomination, each reader what it may read of it."""
    found = readable_nomination(request, pk)
    steps = found.steps.select_related("actor__person") if not found.is_draft else []
    return render(
        request,
        "honors/rounds/nomination.html",
        {
            "nomination": found,
            "detail": reading.detail_of(account(request), found),
            "materials": materials(found),
            "steps": steps,
            "names_actors": reads_rounds(request.user),
        },
    )


def _nominating_round(round_id: uuid.UUID) -> Round:
    rounds_ = Round.objects.select_related("title", "case__unit").published()
    return get_object_or_404(rounds_, pk=round_id)


@require_http_methods(METHODS)
@guarded(is_employee)
def nominate(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """Nominate somebody: keep it as a draft, or hand it in at once.

    Raises:
        Http404: there is no such round.
    """
    return _write(request, _nominating_round(round_id), None)


@require_http_methods(METHODS)
@guarded(is_employee)
def nomination_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an own draft, or correct what came back.

    Raises:
        Http404: it is not the account's own.
    """
    found = readable_nomination(request, pk)
    if not is_nominator(request.user, found):
        raise Http404
    if not reading.detail_of(account(request), found).may_change:
        messages.error(request, _("This nomination cannot be changed any more."))
        return redirect("honor_nomination", found.pk)
    return _write(request, found.round, found)


def _write(request: HttpRequest, round_: Round, found: Nomination | None) -> HttpResponse:
    user = account(request)
    initial = initial_of_nomination(found) if found else {}
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NominationForm(*data, round_=round_, user=user, initial=initial)
    refusal, status = None, 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                return redirect(_save(request, round_, found, form))
            except Refusal as refused:
                refusal, status = refused, refused.status
            except ValidationError as error:
                add_errors(form, error)
    return render(
        request,
        "honors/rounds/nominate.html",
        {
            "form": form,
            "round": round_,
            "terms": terms_of(round_.terms),
            "nomination": found,
            "materials": materials(found) if found else [],
            "refusal": refusal,
            "is_open": round_.case.state == "nominating"
            and timezone.localdate() <= round_.closes_on,
        },
        status=status,
    )


def _save(
    request: HttpRequest, round_: Round, found: Nomination | None, form: NominationForm
) -> str:
    """Keep what was typed, hand it in when that was asked for; return where to go."""
    user = account(request)
    values = dict(form.cleaned_data)
    uploads = values.pop("materials", [])
    kept = nominating.save_draft(
        round_.pk,
        user,
        values,
        nomination_id=found.pk if found else None,
        uploads=uploads,
    )
    if "submit" in request.POST:
        try:
            nominating.hand_in(kept.pk, user)
        except Refusal as refusal:
            # The draft is kept, so what was typed is not lost.
            messages.error(request, str(refusal.message))
            return reverse("honor_nomination", args=[kept.pk])
        messages.success(request, _("The nomination is handed in."))
    else:
        messages.success(request, _("The nomination is kept."))
    return reverse("honor_nomination", args=[kept.pk])


@require_http_methods(METHODS)
@guarded(is_employee)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take an own nomination back."""
    found = readable_nomination(request, pk)
    if not is_nominator(request.user, found):
        raise PermissionDenied
    if request.method == "POST":
        nominating.withdraw(found.pk, account(request))
        messages.success(request, _("The nomination was withdrawn."))
        return redirect("honor_my_nominations")
    return confirm_page(
        request,
        title=_("Withdraw the nomination of %(name)s?") % {"name": found.subject_name},
        question=_(
            "It cannot be taken up again; as long as the round is open you can nominate anew."
        ),
        confirm_label=_("Withdraw"),
        cancel_url=reverse("honor_nomination", args=[found.pk]),
    )


@require_http_methods(METHODS)
@guarded(lambda user: bool(branches_of(user)))
def assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the branch says of a nominee."""
    found = readable_nomination(request, pk)
    if not speaks_for(request.user, found.branch):
        raise PermissionDenied
    address = reverse("honor_nomination", args=[found.pk])
    return submit(
        request,
        AssessForm(request.POST or None),
        lambda values: nominating.assess(found.pk, account(request), values),
        title=_("The branch on %(name)s") % {"name": found.subject_name},
        done=_("The opinion of the branch is written down."),
        cancel=address,
        facts=[(_("Round"), found.round.case.item), (_("Deeds in one line"), found.brief)],
        save_label=_("Write it down"),
    )
