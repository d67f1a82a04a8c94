"""The register of awards and one award, for those who keep and confirm them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from honors.awards import changes, entry, page_drafts
from honors.awards.forms import AwardForm, ChangeForm, DropForm, FindForm, pages_without_award
from honors.awards.listing import WAITING, Choice, found_by
from honors.awards.permissions import may_confirm, may_prepare, may_prepare_all, may_see_office
from honors.models import (
    Award,
    AwardChange,
    AwardState,
    ChangeKind,
    ChangeOutcome,
    MaterialReward,
    PostReview,
    Title,
)
from honors.office import submit
from portal.office_pages import METHODS, UNPROCESSABLE, account, confirm_page, guarded
from portal.organizations.models import Unit
from portal.refusals import Refusal

PAGE_SIZE = 20
LONGEST_KEY = 19
for_readers = guarded(may_see_office)
for_preparers = guarded(may_prepare)
for_confirmers = guarded(may_confirm)


def page_of(award: Award) -> str:
    """Return the address of one award in the office."""
    return reverse("honor_award", args=[award.pk])


def filter_choices() -> dict[str, Any]:
    """Return what the filters of lists of awards offer."""
    years = Award.objects.order_by("-year").values_list("year", flat=True).distinct()
    units = Unit.objects.filter(awards__isnull=False).order_by("path").distinct()
    return {
        "titles": list(Title.objects.all()),
        "filter_years": list(years),
        "units": list(units),
        "states": [*AwardState.choices, (WAITING, _("Waits for confirmation"))],
    }


@require_http_methods(METHODS)
@sensitive_post_parameters("words")
@for_readers
def register(request: HttpRequest) -> HttpResponse:
    """List awards by filters; words are sent as a form, so that no address holds a name."""
    find = FindForm(request.POST if request.method == "POST" else None)
    choice = Choice.of(request.GET)
    searched = find.is_bound and find.is_valid()
    rows = found_by(find.cleaned_data["words"]) if searched else choice.rows()
    page = Paginator(rows, PAGE_SIZE).get_page(1 if searched else request.GET.get("page"))
    return render(
        request,
        "honors/awards/register.html",
        {
            "find": find,
            "searched": searched,
            "choice": choice,
            "page_obj": page,
            "total": page.paginator.count,
            "prepares": may_prepare(request.user),
            "imports": may_prepare_all(request.user),
            "untold": pages_without_award().exists() if may_prepare(request.user) else False,
            **filter_choices(),
        },
        status=UNPROCESSABLE if find.is_bound and find.errors else 200,
    )


def award_for(request: HttpRequest, pk: int) -> Award:
    """Return an award with everything its page shows.

    Raises:
        Http404: there is none.
    """
    rows = Award.objects.select_related(
        *("title", "unit", "person", "page", "picture"),
        *("entered_by__person", "confirmed_by__person"),
    )
    found: Award = get_object_or_404(rows, pk=pk)
    return found


@require_safe
@for_readers
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one award: what its certificate says, what happened to it, what can be done."""
    found = award_for(request, pk)
    history = list(
        AwardChange.objects.filter(award=found).select_related(
            "proposed_by__person", "answered_by__person"
        )
    )
    waiting = next((row for row in history if row.outcome == ChangeOutcome.WAITING), None)
    prepares = may_prepare(request.user, found.title)
    own = found.person_id is not None and found.person_id == account(request).person_id
    return render(
        request,
        "honors/awards/award.html",
        {
            "award": found,
            "history": history,
            "waiting": waiting,
            "kinds": changes.possible_kinds(found) if prepares and waiting is None else [],
            "prepares": prepares,
            "confirms": may_confirm(request.user) and not own,
            "is_own_entry": found.entered_by_id == request.user.pk,
            "reviews": PostReview.objects.filter(award=found)[:8],
            "rewards": MaterialReward.objects.filter(award=found)
            if may_prepare_all(request.user)
            else [],
            "keeps_rewards": may_prepare_all(request.user),
            "nomination": getattr(found, "nomination", None),
        },
    )


@require_http_methods(METHODS)
@for_preparers
def enter(request: HttpRequest) -> HttpResponse:
    """Enter an award no round of the portal decided."""
    form = AwardForm(request.POST or None, user=request.user, initial=_from_page(request))
    return submit(
        request,
        form,
        lambda values: entry.enter(values, account(request)),
        title=_("Enter an award"),
        intro=_("It counts and gets its number when a colleague has confirmed it."),
        done=_("The award waits for a colleague to confirm it."),
        cancel=reverse("honor_awards"),
        go_to=page_of,
    )


def _from_page(request: HttpRequest) -> dict[str, Any]:
    """Return what the page of the address says, for the form of its award."""
    key = request.GET.get("page", "")
    if not (key.isascii() and key.isdigit() and len(key) < LONGEST_KEY):
        return {}
    page = pages_without_award().filter(pk=int(key)).first()
    if page is None:
        return {}
    told: Any = page.specific
    name = getattr(told, "member_name", "") or getattr(told, "post_name", "") or told.title
    return {
        "page": told.pk,
        "year": told.year,
        "subject_name": name[:60],
        "position": getattr(told, "position", "") or getattr(told, "team_name", ""),
        "unit": told.unit_id,
        "decision_number": told.decision_number,
        "decided_on": told.business_date(),
    }


@require_safe
@for_preparers
def untold(request: HttpRequest) -> HttpResponse:
    """List the published pages of honors without an award, which the wall does not show."""
    page = Paginator(pages_without_award(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "honors/awards/pages.html", {"page_obj": page})


def refused(request: HttpRequest, refusal: Refusal, back: str) -> HttpResponse:
    """Say why something was not done, and lead back."""
    messages.error(request, str(refusal.message))
    return redirect(back)


@require_http_methods(METHODS)
@for_confirmers
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm an award a colleague entered."""
    found = award_for(request, pk)
    if request.method == "POST":
        try:
            entry.confirm(pk, account(request))
        except Award.DoesNotExist as error:
            raise Http404(_("There is no such award.")) from error
        except Refusal as refusal:
            return refused(request, refusal, page_of(found))
        messages.success(request, _("The award counts now and has its number."))
        return redirect(page_of(found))
    return confirm_page(
        request,
        title=_("Confirm the award"),
        question=_("Does the decision say this?"),
        consequences=[
            f"{found.subject_name}（{found.unit_name}）",
            f"{found.year} {found.title_name}",
            f"{found.decision_number}, {found.decided_on:%Y-%m-%d}",
        ],
        confirm_label=_("Confirm"),
        cancel_url=page_of(found),
    )


@require_http_methods(METHODS)
@for_readers
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Discard an award that was never confirmed."""
    found = award_for(request, pk)
    if not (may_prepare(request.user, found.title) or may_confirm(request.user)):
        raise PermissionDenied
    if request.method == "POST":
        try:
            entry.discard(pk, account(request))
        except Award.DoesNotExist as error:
            raise Http404(_("There is no such award.")) from error
        except Refusal as refusal:
            return refused(request, refusal, page_of(found))
        messages.success(request, _("The entry was discarded. Nothing was granted by it."))
        return redirect("honor_awards")
    return confirm_page(
        request,
        title=_("Discard the entry"),
        question=_("It was not confirmed and has no certificate."),
        confirm_label=_("Discard"),
        cancel_url=page_of(found),
    )


def change_title(kind: str) -> str:
    """Return the heading of the page of a change."""
    return {
        ChangeKind.SUSPEND: _("Suspend the honor"),
        ChangeKind.RESTORE: _("Lift the suspension of the honor"),
        ChangeKind.REVOKE: _("Revoke the honor"),
    }[ChangeKind(kind)]


@require_http_methods(METHODS)
@for_preparers
def change(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Prepare a suspension, its end, or a revocation.

    Raises:
        Http404: there is no such kind.
        PermissionDenied: the title is another office's.
    """
    if kind not in ChangeKind.values:
        raise Http404(_("There is no such change."))
    found = award_for(request, pk)
    if not may_prepare(request.user, found.title):
        raise PermissionDenied
    form = ChangeForm(request.POST or None, kind=kind)
    return submit(
        request,
        form,
        lambda values: changes.propose(pk, kind, **values, by=account(request)),
        title=change_title(kind),
        facts=[
            (_("Name on the certificate"), f"{found.subject_name}（{found.unit_name}）"),
            (_("Honor"), f"{found.year} {found.title_name}"),
            (pgettext("honor", "Number of the certificate"), found.number),
        ],
        intro=_("It is in force when a colleague has confirmed it. Nothing is deleted."),
        done=_("The change waits for a colleague to confirm it."),
        cancel=page_of(found),
    )


@require_http_methods(METHODS)
@for_readers
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a change a colleague prepared, or end it.

    Raises:
        PermissionDenied: the account neither confirms nor prepared it.
    """
    rows = AwardChange.objects.select_related("award__title", "proposed_by__person")
    found = get_object_or_404(rows, pk=pk)
    confirms = may_confirm(request.user)
    if not (confirms or found.proposed_by_id == request.user.pk):
        raise PermissionDenied
    back = page_of(found.award)
    drops = request.method == "POST" and "drop" in request.POST
    form = DropForm(request.POST if drops else None)
    status = 200
    if request.method == "POST" and (not drops or form.is_valid()):
        try:
            if drops:
                changes.drop(pk, form.cleaned_data["answer"], account(request))
            else:
                changes.confirm(pk, account(request))
        except Refusal as refusal:
            return refused(request, refusal, back)
        messages.success(
            request,
            _("The change was not confirmed.") if drops else _("The change is in force."),
        )
        return redirect(back)
    if form.is_bound:
        status = UNPROCESSABLE
    return render(
        request,
        "honors/awards/change.html",
        {
            "change": found,
            "award": found.award,
            "title": change_title(found.kind),
            "form": form,
            "may_confirm": confirms and found.proposed_by_id != request.user.pk,
            "cancel_url": back,
        },
        status=status,
    )


@require_POST
@for_preparers
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the draft of the page of an award and go on in the editor."""
    found = award_for(request, pk)
    try:
        page = page_drafts.draft_page(pk, account(request))
    except Refusal as refusal:
        return refused(request, refusal, page_of(found))
    messages.success(request, _("The draft was written. Please add to it and submit it."))
    return redirect("wagtailadmin_pages:edit", page.pk)


@require_safe
@for_readers
def waiting(request: HttpRequest) -> HttpResponse:
    """List what waits for confirmation: awards and changes."""
    rows = Award.objects.waiting().filter(taken_from__isnull=True).select_related("title", "unit")
    page = Paginator(rows.in_order(), PAGE_SIZE).get_page(request.GET.get("page"))
    changed = AwardChange.objects.filter(outcome=ChangeOutcome.WAITING).select_related(
        "award", "proposed_by__person"
    )
    return render(
        request,
        "honors/awards/waiting.html",
        {
            "page_obj": page,
            "changes": changed[:PAGE_SIZE],
            "changes_count": changed.count(),
            "confirms": may_confirm(request.user),
        },
    )
