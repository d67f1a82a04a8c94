"""Addresses of the checks and their reports."""

from __future__ import annotations

from django.urls import path

from portal.archives.inspection import views

urlpatterns = [
    path("inspections/", views.inspections, name="archive_inspections"),
    path("records/<uuid:record_id>/inspection/", views.inspection, name="archive_inspection"),
    path(
        "records/<uuid:record_id>/inspection/report.pdf",
        views.inspection_pdf,
        name="archive_inspection_pdf",
    ),
]
