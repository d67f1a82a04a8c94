"""Addresses of the inspection report."""

from __future__ import annotations

from django.urls import path

from portal.archives.inspection import views

urlpatterns = [
    path("records/<uuid:record_id>/inspection/", views.inspection, name="archive_inspection"),
    path(
        "records/<uuid:record_id>/inspection/report.pdf",
        views.inspection_pdf,
        name="archive_inspection_pdf",
    ),
]
