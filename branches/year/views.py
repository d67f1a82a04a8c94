"""The year of branches: the table, one cell, reminders, reasons, Excel, PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from branches.activities.permissions import records_seen
from branches.models import ActivityPage, LifeRequirement
from branches.year import services
from branches.year.indicators import Light, Panel, panel
from branches.year.permissions import may_explain, may_remind, may_see_year, seen_branches
from branches.year.reading import YearView, activities_in, year_of, years_of, years_there_are
from branches.year.sheets import indicators_workbook, one_page, workbook
from branches.year.standing import Span, Standing, spans
from portal.address_values import plain_text
from portal.organizations.models import Unit
from portal.refusals import Refusal
from portal.spreadsheets import workbook_response

METHODS = ["GET", "HEAD", "POST"]
FIRST_YEAR = 2000


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    this = timezone.localdate().year
    if text.isascii() and text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= this:
        return int(text)
    return this


def _branches(request: HttpRequest) -> tuple[list[Unit], list[Unit], Unit | None]:
    """Return the branches that are shown, the units that can be chosen, and the chosen one.

    Raises:
        PermissionDenied: the account sees no branch.
    """
    if not may_see_year(request.user):
        raise PermissionDenied
    seen = list(seen_branches(request.user).order_by("path"))
    paths = {branch.path[:end] for branch in seen for end in range(4, len(branch.path) + 1, 4)}
    units = list(Unit.objects.filter(path__in=paths).order_by("path"))
    code = plain_text(request.GET.get("unit", ""))
    chosen = next((unit for unit in units if unit.code == code), None)
    year = _year(request)
    shown = [
        branch
        for branch in seen
        if (chosen is None or branch.path.startswith(chosen.path))
        and branch.valid_from.year <= year
        and (branch.valid_to is None or branch.valid_to.year >= year)
    ]
    return shown, units, chosen


def _requirement(request: HttpRequest, rows: list[LifeRequirement]) -> LifeRequirement:
    kind = request.GET.get("kind", "")
    found = next((row for row in rows if row.kind == kind), rows[0] if rows else None)
    if found is None:
        raise Http404
    return found


def _view(request: HttpRequest) -> tuple[YearView, dict[str, Any]]:
    branches, units, unit = _branches(request)
    requirements = list(LifeRequirement.objects.all())
    requirement = _requirement(request, requirements)
    view = year_of(branches, requirement, _year(request))
    return view, {"requirements": requirements, "units": units, "unit": unit}


@never_cache
@require_safe
def year(request: HttpRequest) -> HttpResponse:
    """Show branches by periods for one requirement.

    Raises:
        PermissionDenied: the account sees no branch.
    """
    view, choices = _view(request)
    context = {
        "view": view,
        "names": [services.period_name(span) for span in view.spans],
        "years": years_there_are(),
        "may_remind": may_remind(request.user) and (view.missing or view.due),
        **choices,
    }
    return render(request, "branches/year/year.html", context)


@require_safe
def year_sheet(request: HttpRequest) -> FileResponse:
    """Hand out the year of all requirements as Excel."""
    branches, _units, _unit = _branches(request)
    chosen = _year(request)
    views = years_of(branches, list(LifeRequirement.objects.all()), chosen)
    return workbook_response(workbook(views), f"branch-life-{chosen}.xlsx")


@require_safe
def year_pdf(request: HttpRequest) -> HttpResponse:
    """Hand out one requirement as one page of PDF."""
    view, _choices = _view(request)
    response = HttpResponse(one_page(view), content_type="application/pdf")
    name = f"组织生活年历（{view.year}年）.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Remind the secretaries of what the table shows as missing or soon due."""
    view, _choices = _view(request)
    try:
        count = services.remind(view, request.user)  # type: ignore[arg-type]
    except Refusal as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(
            request, _("The secretaries of %(count)d branches were reminded.") % {"count": count}
        )
    return redirect(f"{reverse('branch_year')}?{request.GET.urlencode()}")


def _cell(request: HttpRequest, code: str, kind: str, year: int, number: int) -> Any:
    """Return branch, requirement and period of an address.

    Raises:
        PermissionDenied: the account sees no branch.
        Http404: there is no such cell, or the branch is not the account's to see.
    """
    if not may_see_year(request.user):
        raise PermissionDenied
    branch = get_object_or_404(seen_branches(request.user), code=code)
    requirement = get_object_or_404(LifeRequirement, kind=kind)
    found: Span | None = next(
        (span for span in spans(requirement.period, year) if span.number == number), None
    )
    if found is None:
        raise Http404
    return branch, requirement, found


@never_cache
@require_http_methods(METHODS)
def cell(request: HttpRequest, code: str, kind: str, year: int, number: int) -> HttpResponse:
    """Show what a branch held in one period, and take a reason where something is missing."""
    if not FIRST_YEAR <= year <= timezone.localdate().year + 1:
        raise Http404
    branch, requirement, span = _cell(request, code, kind, year, number)
    back = f"{reverse('branch_year')}?year={year}&kind={kind}"
    refusal, status = None, 200
    if request.method == "POST":
        try:
            reason = request.POST.get("reason", "")
            services.explain(requirement, branch, span, reason, request.user)  # type: ignore[arg-type]
        except Refusal as refused:
            refusal, status = refused, refused.status
        else:
            messages.success(request, _("The reason is written down."))
            return redirect(back)
    view = year_of([branch], requirement, year)
    found = view.rows[0].cells[span.number - 1]
    activities = list(activities_in(branch, requirement, span))
    visible = set(
        ActivityPage.objects.visible_to(request.user)
        .filter(pk__in=[row.page.pk for row in activities if hasattr(row, "page")])
        .values_list("pk", flat=True)
    )
    records = set(
        records_seen(request.user)
        .filter(pk__in=[row.pk for row in activities if row.has_record])
        .values_list("pk", flat=True)
    )
    context = {
        "branch": branch,
        "requirement": requirement,
        "name": services.period_name(span),
        "year": year,
        "cell": found,
        "activities": [
            (row, row.page if hasattr(row, "page") and row.page.pk in visible else None)
            for row in activities
        ],
        "records": records,
        "takes_reason": may_explain(request.user, branch)
        and found.standing in {Standing.MISSING, Standing.DUE, Standing.OPEN, Standing.EXPLAINED},
        "back": back,
        "refusal": refusal,
        "typed": request.POST.get("reason", found.reason),
    }
    return render(request, "branches/year/cell.html", context, status=status)


def _panel(request: HttpRequest) -> tuple[Panel, dict[str, Any]]:
    branches, units, unit = _branches(request)
    today = timezone.localdate()
    shown = panel([branch for branch in branches if branch.is_valid_on(today)], today)
    bad = [row for row in shown.rows if row.count(Light.BAD)]
    show = "bad" if request.GET.get("show") == "bad" else ""
    context = {
        "units": units,
        "unit": unit,
        "show": show,
        "total": len(shown.rows),
        "bad": len(bad),
        "today": today,
    }
    return Panel(shown.indicators, bad if show else shown.rows), context


@never_cache
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """Show branches by indicators on this day.

    Raises:
        PermissionDenied: the account sees no branch.
    """
    shown, context = _panel(request)
    return render(request, "branches/year/indicators.html", {"panel": shown, **context})


@require_safe
def indicators_sheet(request: HttpRequest) -> FileResponse:
    """Hand out the indicators as Excel, as they are filtered."""
    shown, _context = _panel(request)
    name = f"branch-indicators-{timezone.localdate()}.xlsx"
    return workbook_response(indicators_workbook(shown), name)
