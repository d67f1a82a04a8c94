"""Responsibility areas: the list, and what a keeper does there."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from branches.members.permissions import kept_branches
from branches.models import ResponsibilityArea
from branches.office import submit
from branches.safety import areas, forms
from branches.safety.pages import branch_of, for_keepers, for_readers
from branches.safety.reading import areas as areas_of
from branches.safety.reading import choice_of, kept_among
from portal.office_pages import METHODS, account


@require_safe
@for_readers
def area_list(request: HttpRequest) -> HttpResponse:
    """List the areas with those who answer for them and the assessments of the year."""
    choice = choice_of(request.user, request.GET)
    rows = list(areas_of(choice))
    for row in rows:
        months: dict[int, Any] = {one.month: one for one in row.months_of_year}  # type: ignore[attr-defined]
        row.year_row = [months.get(number) for number in range(1, 13)]  # type: ignore[attr-defined]
    kept = set(kept_branches(request.user).values_list("pk", flat=True))
    context = {
        "choice": choice,
        "rows": rows,
        "kept": kept,
        "keeps": kept_among(request.user, choice),
        "months": range(1, 13),
    }
    return render(request, "branches/safety/areas.html", context)


def page_of(branch_code: str) -> str:
    """Return the address of the areas of a branch."""
    return f"{reverse('safety_areas')}?branch={branch_code}"


def _area(request: HttpRequest, pk: int) -> ResponsibilityArea:
    found = ResponsibilityArea.objects.select_related("branch").filter(pk=pk).first()
    if found is None:
        raise Http404
    branch_of(request, found.branch.code)
    return found


@require_http_methods(METHODS)
@for_keepers
def area_add(request: HttpRequest, code: str) -> HttpResponse:
    """Open an area."""
    branch = branch_of(request, code)
    return submit(
        request,
        forms.AreaForm(request.POST or None, branch=branch),
        lambda values: areas.open_area(branch, values, account(request)),
        title=_("A new responsibility area: %(branch)s") % {"branch": branch.name},
        done=_("The area is there."),
        cancel=page_of(branch.code),
    )


@require_http_methods(METHODS)
@for_keepers
def area_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who answers for an area from a day on."""
    area = _area(request, pk)
    held = list(area.holders.filter(valid_to=None).values_list("person", flat=True))
    return submit(
        request,
        forms.HandOverForm(request.POST or None, branch=area.branch, initial={"people": held}),
        lambda values: areas.hand_over(pk, values, account(request)),
        title=_("Who answers for “%(area)s”") % {"area": area.name},
        intro=_("Who is not ticked any more ends the day before."),
        done=_("It is written down who answers for the area."),
        cancel=page_of(area.branch.code),
    )


@require_http_methods(METHODS)
@for_keepers
def area_assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Assess an area for a month."""
    area = _area(request, pk)
    today = timezone.localdate()
    return submit(
        request,
        forms.AreaMonthForm(
            request.POST or None, initial={"year": today.year, "month": today.month}
        ),
        lambda values: areas.assess(pk, values, account(request)),
        title=_("Assess “%(area)s”") % {"area": area.name},
        intro=_("A second assessment of a month takes the place of the first."),
        done=_("The assessment is written down."),
        cancel=page_of(area.branch.code),
    )


@require_http_methods(METHODS)
@for_keepers
def area_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an area."""
    area = _area(request, pk)
    return submit(
        request,
        forms.LastDayForm(request.POST or None),
        lambda values: areas.close_area(pk, values["day"], account(request)),
        title=_("Close “%(area)s”") % {"area": area.name},
        done=_("The area is closed. Its history stays."),
        cancel=page_of(area.branch.code),
    )
