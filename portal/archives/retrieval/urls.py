"""Addresses of the archive search."""

from __future__ import annotations

from django.urls import path

from portal.archives.retrieval import views

urlpatterns = [
    path("", views.records, name="archive_records"),
    path("export/", views.export, name="archive_export"),
    path("searches/", views.searches, name="archive_searches"),
    path("searches/save/", views.save_search, name="archive_search_save"),
    path("searches/<int:search_id>/rename/", views.rename_search, name="archive_search_rename"),
    path("searches/<int:search_id>/delete/", views.delete_search, name="archive_search_delete"),
    path("as-of/", views.as_of_page, name="archive_as_of"),
    path(
        "records/<uuid:record_id>/difference/<uuid:other_id>/",
        views.difference,
        name="archive_difference",
    ),
]
