"""Addresses of the access levels."""

from __future__ import annotations

from django.urls import path

from portal.archives.access import views

urlpatterns = [
    path("records/<uuid:record_id>/access-level/", views.access_level, name="archive_access_level"),
]
