"""The page of the handbooks, and the document itself."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from branches.handbook import closing
from branches.handbook.document import file_name, handbook_pdf
from branches.handbook.reading import handbook_of
from branches.members.permissions import may_keep, may_see_rosters, rosters
from branches.models import Activity, ClosedHandbook
from portal.address_values import plain_text
from portal.office_pages import account
from portal.organizations.models import Unit
from portal.refusals import Refusal


def _years() -> list[int]:
    """Return the years in which something was held, and the running one, the newest first."""
    held = {day.year for day in Activity.objects.dates("held_on", "year")}
    running = timezone.localdate().year
    return sorted({year for year in held if year <= running} | {running}, reverse=True)


def _year(text: str, years: list[int]) -> int:
    return int(text) if text.isdecimal() and int(text) in years else years[0]


@never_cache
@require_safe
def handbook(request: HttpRequest) -> HttpResponse:
    """Show what the handbook of a branch will hold, with a button that makes it.

    Raises:
        PermissionDenied: the account sees no branch.
    """
    if not may_see_rosters(request.user):
        raise PermissionDenied
    branches = list(rosters(request.user))
    code = plain_text(request.GET.get("branch", ""))
    branch = next((row for row in branches if row.code == code), None)
    if branch is None and len(branches) == 1:
        branch = branches[0]
    years = _years()
    return _show(request, branch, _year(plain_text(request.GET.get("year", "")), years), years)


def _show(
    request: HttpRequest,
    branch: Unit | None,
    year: int,
    years: list[int],
    refusal: Refusal | None = None,
) -> HttpResponse:
    closed = ClosedHandbook.objects.filter(branch=branch, year=year) if branch else None
    context = {
        "branches": list(rosters(request.user).order_by("path")),
        "branch": branch,
        "years": years,
        "year": year,
        "book": handbook_of(branch, year) if branch is not None else None,
        "closed": closed.select_related("closed_by__person").first() if closed else None,
        "closes": branch is not None
        and may_keep(request.user, branch)
        and year < timezone.localdate().year,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "branches/handbook/handbook.html", context, status=status)


@never_cache
@require_safe
def handbook_document(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Hand out the handbook of a branch for a year.

    Raises:
        PermissionDenied: the account sees no branch.
        Http404: no such branch or year, or the branch is not the account's to see.
    """
    if not may_see_rosters(request.user):
        raise PermissionDenied
    branch: Unit = get_object_or_404(rosters(request.user), code=code)
    if year not in _years():
        raise Http404
    response = HttpResponse(handbook_pdf(branch, year), content_type="application/pdf")
    name = file_name(branch, year)
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


@require_POST
def handbook_close(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Close the handbook of a year that is over; it goes into the archive.

    Raises:
        PermissionDenied: the account sees no branch.
        Http404: no such branch or year, or the branch is not the account's to see.
    """
    if not may_see_rosters(request.user):
        raise PermissionDenied
    branch: Unit = get_object_or_404(rosters(request.user), code=code)
    years = _years()
    if year not in years:
        raise Http404
    try:
        closing.close(branch, year, account(request))
    except Refusal as refused:
        return _show(request, branch, year, years, refused)
    messages.success(request, _("The handbook is closed and goes into the archive."))
    return redirect(f"{reverse('branch_handbook')}?branch={code}&year={year}")
