"""Inspections and hazards: the lists, one hazard, and its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from branches.members.permissions import may_keep, rosters
from branches.models import Hazard, HazardState, SafetyInspection
from branches.office import submit
from branches.safety import forms, hazards, sheets
from branches.safety.pages import (
    MOST_ROWS,
    PAGE_SIZE,
    branch_of,
    for_everybody,
    for_keepers,
    for_readers,
    version_of,
)
from branches.safety.reading import HAZARD_STATES, choice_of, kept_among
from branches.safety.reading import hazards as hazards_of
from branches.safety.reading import inspections as inspections_of
from portal.office_pages import METHODS, account
from portal.refusals import Refusal
from portal.spreadsheets import workbook_response

TONES: dict[str, str] = {
    HazardState.OPEN: "amber",
    HazardState.REMOVED: "blue",
    HazardState.CLOSED: "green",
}


def tone_of(hazard: Hazard) -> str:
    """Return the colour that repeats the state of a hazard."""
    return "red" if hazard.is_overdue() else TONES[hazard.state]


@require_safe
@for_readers
def hazard_list(request: HttpRequest) -> HttpResponse:
    """List hazards, open ones first."""
    choice = choice_of(request.user, request.GET, HAZARD_STATES)
    page = Paginator(hazards_of(choice), PAGE_SIZE).get_page(request.GET.get("page"))
    rows: Any = page.object_list
    for row in rows:
        row.tone = tone_of(row)
    context = {
        "choice": choice,
        "page_obj": page,
        "total": page.paginator.count,
        "states": [("overdue", pgettext("hazard", "Overdue")), *HazardState.choices],
        "keeps": kept_among(request.user, choice),
    }
    return render(request, "branches/safety/hazards.html", context)


@require_safe
@for_readers
def hazard_sheet(request: HttpRequest) -> Any:
    """Hand out the list as Excel, as it is filtered."""
    choice = choice_of(request.user, request.GET, HAZARD_STATES)
    return workbook_response(sheets.hazards_sheet(hazards_of(choice)[:MOST_ROWS]), "hazards.xlsx")


@require_safe
@for_readers
def inspection_list(request: HttpRequest) -> HttpResponse:
    """List the inspections of a year."""
    choice = choice_of(request.user, request.GET)
    page = Paginator(inspections_of(choice), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "choice": choice,
        "page_obj": page,
        "total": page.paginator.count,
        "keeps": kept_among(request.user, choice),
    }
    return render(request, "branches/safety/inspections.html", context)


@require_http_methods(METHODS)
@for_keepers
def inspection_add(request: HttpRequest, code: str) -> HttpResponse:
    """Write an inspection down."""
    branch = branch_of(request, code)
    return submit(
        request,
        forms.InspectionForm(request.POST or None, branch=branch),
        lambda values: hazards.write_inspection(branch, values, account(request)),
        title=_("Write an inspection down: %(branch)s") % {"branch": branch.name},
        done=_("The inspection is written down. Hazards are added to it in the list."),
        cancel=f"{reverse('safety_inspections')}?branch={branch.code}",
    )


@require_http_methods(METHODS)
@for_keepers
def hazard_add(request: HttpRequest, code: str) -> HttpResponse:
    """Write a hazard down, of an inspection or by itself.

    Raises:
        Http404: the inspection is another branch's.
    """
    branch = branch_of(request, code)
    inspection: SafetyInspection | None = None
    typed = request.GET.get("inspection", "")
    if typed:
        inspection = SafetyInspection.objects.filter(
            branch=branch, pk=int(typed) if typed.isascii() and typed.isdecimal() else 0
        ).first()
        if inspection is None:
            raise Http404
    initial = {"place": inspection.place, "found_on": inspection.held_on} if inspection else {}
    return submit(
        request,
        forms.HazardForm(request.POST or None, branch=branch, initial=initial),
        lambda values: hazards.report(branch, values, account(request), inspection),
        title=_("Write a hazard down: %(branch)s") % {"branch": branch.name},
        facts=[(_("Inspection"), inspection)] if inspection else [],
        intro=_("The safety system of the enterprise stays the record of hazards."),
        done=lambda made: _("The hazard has the number %(number)s.") % {"number": made.number},
        cancel=f"{reverse('safety_hazards')}?branch={branch.code}",
        go_to=lambda made: reverse("safety_hazard", args=[made.pk]),
    )


def _hazard(request: HttpRequest, pk: int) -> Hazard:
    """Return a hazard the account sees, or found.

    Raises:
        Http404: there is none, or it is not the account's to see.
    """
    row = (
        Hazard.objects.select_related(
            "branch", "found_by", "responsible_unit", "removed_by", "checked_by", "inspection"
        )
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise Http404
    own = account(request).person_id == row.found_by_id
    if not own and not rosters(request.user).filter(pk=row.branch_id).exists():
        raise Http404
    return row


@require_safe
@for_everybody
def hazard(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a hazard with its steps."""
    return _show(request, _hazard(request, pk))


def _show(
    request: HttpRequest, row: Hazard, refusal: Refusal | None = None, words: str = ""
) -> HttpResponse:
    user = account(request)
    keeps = may_keep(user, row.branch)
    context = {
        "hazard": row,
        "tone": tone_of(row),
        "keeps": keeps,
        "checks": keeps
        and row.state == HazardState.REMOVED
        and user.person_id not in (None, row.removed_by_id),
        "steps": [
            (step, hazards.STEP_WORDS.get(step.step, step.step))
            for step in row.steps.select_related("by__person")
        ],
        "refusal": refusal,
        "words": words,
    }
    status = refusal.status if refusal else 200
    return render(request, "branches/safety/hazard.html", context, status=status)


def _write(
    request: HttpRequest,
    pk: int,
    form: Any,
    write: Callable[[int, int | None, dict[str, Any], Any], None],
    **more: Any,
) -> HttpResponse:
    row = _hazard(request, pk)
    branch_of(request, row.branch.code)
    version = version_of(request) if request.method == "POST" else row.version
    return submit(
        request,
        form,
        lambda values: write(pk, version, values, account(request)),
        cancel=reverse("safety_hazard", args=[pk]),
        facts=[(pgettext("hazard", "Number"), row.number), (_("What was seen"), row.description)],
        hidden=[("version", version)],
        **more,
    )


@require_http_methods(METHODS)
@for_keepers
def hazard_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a hazard was removed."""
    return _write(
        request,
        pk,
        forms.RemovedForm(request.POST or None),
        hazards.remove,
        title=_("The hazard was removed"),
        done=_("It is written down. Somebody else looks again."),
    )


@require_http_methods(METHODS)
@for_keepers
def hazard_later(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a hazard a later last day."""
    return _write(
        request,
        pk,
        forms.LaterForm(request.POST or None),
        hazards.set_later,
        title=_("A later last day"),
        done=_("The new last day is written down, with its reason."),
    )


@require_POST
@for_keepers
def hazard_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a hazard after another look, or send it back."""
    row = _hazard(request, pk)
    branch_of(request, row.branch.code)
    is_gone = request.POST.get("answer") == "gone"
    words = request.POST.get("words", "")
    try:
        hazards.check(pk, version_of(request), account(request), is_gone=is_gone, words=words)
    except Refusal as refused:
        return _show(request, _hazard(request, pk), refused, words)
    messages.success(
        request, _("The hazard is closed.") if is_gone else _("The hazard was sent back.")
    )
    return redirect("safety_hazard", pk)
