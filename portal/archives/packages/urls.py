"""Addresses of packages and exports."""

from __future__ import annotations

from django.urls import path

from portal.archives.packages import views
from portal.archives.packages.exports import views as exports

urlpatterns = [
    path("packages/", views.packages, name="archive_packages"),
    path("packages/retry/", views.retry_all, name="archive_packages_retry"),
    path("records/<uuid:record_id>/package/", views.package, name="archive_package"),
    path("records/<uuid:record_id>/package/retry/", views.retry, name="archive_package_retry"),
    path("exports/", exports.exports, name="archive_exports"),
    path("exports/<int:pk>/", exports.export, name="archive_package_export"),
    path("exports/<int:pk>/file/", exports.export_file, name="archive_package_export_file"),
]
