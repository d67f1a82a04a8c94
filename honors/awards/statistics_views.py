"""Statistics of honors and the register as Excel, for the office."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from honors.awards.listing import Choice
from honors.awards.office_views import filter_choices, for_readers
from honors.awards.statistics import awards_workbook, figures_of, figures_workbook
from portal.spreadsheets import workbook_response


@require_safe
@for_readers
def statistics(request: HttpRequest) -> HttpResponse:
    """Show the figures of what is chosen."""
    choice = Choice.of(request.GET)
    context = {"choice": choice, "figures": figures_of(choice), **filter_choices(), "states": []}
    return render(request, "honors/awards/statistics.html", context)


@require_safe
@for_readers
def statistics_sheet(request: HttpRequest) -> Any:
    """Hand out the figures as Excel."""
    book = figures_workbook(figures_of(Choice.of(request.GET)))
    return workbook_response(book, f"honor-statistics-{timezone.localdate()}.xlsx")


@require_safe
@for_readers
def awards_sheet(request: HttpRequest) -> Any:
    """Hand out the chosen part of the register as Excel."""
    book = awards_workbook(Choice.of(request.GET).rows())
    return workbook_response(book, f"honors-{timezone.localdate()}.xlsx")
