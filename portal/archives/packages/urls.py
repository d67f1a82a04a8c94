"""Addresses of packages and exports."""

from __future__ import annotations

from django.urls import path

from portal.archives.packages import views

urlpatterns = [
    path("packages/", views.packages, name="archive_packages"),
    path("packages/retry/", views.retry_all, name="archive_packages_retry"),
    path("records/<uuid:record_id>/package/", views.package, name="archive_package"),
    path("records/<uuid:record_id>/package/retry/", views.retry, name="archive_package_retry"),
]
