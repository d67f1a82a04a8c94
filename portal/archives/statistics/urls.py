"""Addresses of the dashboard and the statistics."""

from __future__ import annotations

from django.urls import path

from portal.archives.statistics import expected_views, views

urlpatterns = [
    path("office/", views.office, name="archive_office"),
    path("statistics/", views.statistics, name="archive_statistics"),
    path("statistics/excel/", views.statistics_sheet, name="archive_statistics_sheet"),
    path("statistics/expected/", expected_views.expected_filings, name="archive_expected_filings"),
    path(
        "statistics/expected/add/",
        expected_views.expected_filing,
        name="archive_expected_filing_add",
    ),
    path(
        "statistics/expected/<int:filing_id>/",
        expected_views.expected_filing,
        name="archive_expected_filing",
    ),
    path(
        "statistics/expected/<int:filing_id>/remove/",
        expected_views.remove_expected_filing,
        name="archive_expected_filing_remove",
    ),
]
