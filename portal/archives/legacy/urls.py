"""Addresses of the catalogues."""

from __future__ import annotations

from django.urls import path

from portal.archives.legacy import views

urlpatterns = [
    path("legacy/", views.batches, name="archive_legacy"),
    path("legacy/template/", views.template, name="archive_legacy_template"),
    path("legacy/<int:batch_id>/", views.batch, name="archive_legacy_batch"),
    path("legacy/<int:batch_id>/problems/", views.problems, name="archive_legacy_problems"),
    path("legacy/<int:batch_id>/catalogue/", views.replace, name="archive_legacy_catalogue"),
    path("legacy/<int:batch_id>/confirm/", views.confirm, name="archive_legacy_confirm"),
    path("legacy/<int:batch_id>/discard/", views.discard, name="archive_legacy_discard"),
    path("legacy/<int:batch_id>/retry/", views.retry, name="archive_legacy_retry"),
]
