"""Addresses of the attachments."""

from __future__ import annotations

from django.urls import path

from portal.archives.attachments import views

urlpatterns = [
    path("attachments/", views.attachments, name="archive_attachments"),
    path("attachments/retry/", views.retry_all, name="archive_attachments_retry_all"),
    path("attachments/<int:file_id>/retry/", views.retry, name="archive_attachment_retry"),
    path(
        "records/<uuid:record_id>/files/<int:file_id>/preview/<int:width>/",
        views.preview,
        name="archive_file_preview",
    ),
]
