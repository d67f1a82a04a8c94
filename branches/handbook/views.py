"""The page of the handbooks, and the document itself."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from branches.handbook.document import handbook_pdf
from branches.handbook.reading import handbook_of
from branches.members.permissions import may_see_rosters, rosters
from branches.models import Activity
from portal.address_values import plain_text
from portal.organizations.models import Unit


def _years() -> list[int]:
    """Return the years in which something was held, and the running one, the newest first."""
    held = {day.year for day in Activity.objects.dates("held_on", "year")}
    running = timezone.localdate().year
    return sorted({year for year in held if year <= running} | {running}, reverse=True)


def _year(text: str) -> int:
    years = _years()
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
    branches = list(rosters(request.user).order_by("path"))
    code = plain_text(request.GET.get("branch", ""))
    branch = next((row for row in branches if row.code == code), None)
    if branch is None and len(branches) == 1:
        branch = branches[0]
    year = _year(plain_text(request.GET.get("year", "")))
    context = {
        "branches": branches,
        "branch": branch,
        "years": _years(),
        "year": year,
        "book": handbook_of(branch, year) if branch is not None else None,
    }
    return render(request, "branches/handbook/handbook.html", context)


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
    name = f"{branch.name}党支部工作手册（{year}年）.pdf".replace("党支部党支部", "党支部")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response
