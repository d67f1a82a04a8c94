"""The calendar of a year for everybody, and its import for the system administrator."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.spreadsheets import workbook_response
from portal.workdays import calendar
from portal.workdays.forms import CalendarSheetForm, sealed, unsealed
from portal.workdays.models import FIRST_YEAR, LAST_YEAR, CalendarDay, CalendarYear, DayKind
from portal.workdays.months import months_of
from portal.workdays.permissions import may_import_calendar
from portal.workdays.published import PublishedDay
from portal.workdays.services import write_year
from portal.workdays.sheets import read_sheet, write_sheet

# How many years around the shown one are offered; the others are reached step by step.
YEARS_AROUND = 3


@require_safe
def this_year(request: HttpRequest) -> HttpResponse:
    """Go to the calendar of the present year."""
    return redirect("workdays_year", year=timezone.localdate().year)


def _possible(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404(_("There is no calendar of this year."))
    return year


def _days_of(year: int) -> list[CalendarDay]:
    return list(
        CalendarDay.objects.filter(
            date__range=(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
        )
    )


@require_safe
def one_year(request: HttpRequest, year: int) -> HttpResponse:
    """Show the twelve months of a year with days off and days in exchange."""
    _possible(year)
    days = _days_of(year)
    months = months_of(year, calendar.current(), days)
    return render(
        request,
        "workdays/year.html",
        {
            "year": year,
            "published": CalendarYear.objects.filter(year=year).first(),
            "months": months,
            "days": days,
            "working_days": sum(month.working_days for month in months),
            "years": [
                number
                for number in range(year - YEARS_AROUND, year + YEARS_AROUND + 1)
                if FIRST_YEAR <= number <= LAST_YEAR
            ],
            "may_import": may_import_calendar(request.user),
        },
    )


@require_safe
def year_sheet(request: HttpRequest, year: int) -> FileResponse:
    """Hand out the calendar of a year as the Excel sheet that the import reads."""
    days = (PublishedDay(day.date, day.kind, day.name) for day in _days_of(_possible(year)))
    return workbook_response(write_sheet(days), f"workdays-{year}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def import_year(request: HttpRequest) -> HttpResponse:
    """Read a sheet, show what it would change, and write it after a second look.

    Raises:
        PermissionDenied: the account is no system administrator.
    """
    if not may_import_calendar(request.user):
        raise PermissionDenied
    if request.method == "POST" and "confirmed" in request.POST:
        return _write(request)
    if request.method == "POST":
        return _preview(request)
    newest = CalendarYear.objects.values_list("year", flat=True).first()
    form = CalendarSheetForm(initial={"year": newest + 1 if newest else None})
    return render(request, "workdays/import.html", {"form": form})


def _preview(request: HttpRequest) -> HttpResponse:
    form = CalendarSheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "workdays/import.html", {"form": form}, status=422)
    year, source = form.cleaned_data["year"], form.cleaned_data["source"]
    sheet = read_sheet(form.cleaned_data["sheet"].read(), year)
    if sheet.faults:
        for fault in sheet.faults:
            form.add_error("sheet", str(fault))
        return render(request, "workdays/import.html", {"form": form}, status=422)
    context = {
        **_difference(year, sheet.days),
        "year": year,
        "source": source,
        "warnings": sheet.warnings,
        "sealed": sealed(year, source, sheet.days),
    }
    return render(request, "workdays/preview.html", context)


def _difference(year: int, days: list[PublishedDay]) -> dict[str, Any]:
    kinds = dict(DayKind.choices)
    before = {day.date: (day.kind, day.name) for day in _days_of(year)}
    after = {day.date: (day.kind, day.name) for day in days}
    rows = []
    for date in sorted({*before, *after}):
        old, new = before.get(date), after.get(date)
        if old == new:
            change = ""
        elif old is None:
            change = "added"
        else:
            change = "removed" if new is None else "changed"
        kind, name = new or old or ("", "")
        rows.append({"date": date, "kind": kinds[kind], "name": name, "change": change})
    known = calendar.WorkingCalendar(
        frozenset({year}),
        frozenset(day.date for day in days if day.kind == DayKind.HOLIDAY),
        frozenset(day.date for day in days if day.kind == DayKind.WORKING),
    )
    last = datetime.date(year - 1, 12, 31)
    return {
        "rows": rows,
        "is_new": not CalendarYear.objects.filter(year=year).exists(),
        "changes": sum(bool(row["change"]) for row in rows),
        "working_days": known.working_days_between(last, datetime.date(year, 12, 31)).days,
    }


def _write(request: HttpRequest) -> HttpResponse:
    try:
        year, source, days = unsealed(request.POST.get("confirmed", ""))
    except BadSignature:
        messages.error(
            request, _("The preview is too old or was changed. Please choose the sheet again.")
        )
        return render(request, "workdays/import.html", {"form": CalendarSheetForm()}, status=409)
    write_year(
        year,
        days,
        source=source,
        moment=timezone.now(),
        imported_by=str(request.user),
    )
    messages.success(
        request, _("The calendar of %(year)d is in force; deadlines follow it.") % {"year": year}
    )
    return redirect("workdays_year", year=year)
