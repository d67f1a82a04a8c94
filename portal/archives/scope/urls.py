"""Addresses of the scope and retention table."""

from __future__ import annotations

from django.urls import path

from portal.archives.scope import views

urlpatterns = [
    path("", views.tables, name="archive_scope"),
    path("upload/", views.upload, name="archive_scope_upload"),
    path("<int:number>/", views.table, name="archive_scope_table"),
    path("<int:number>/download/", views.download, name="archive_scope_download"),
    path("<int:number>/copy/", views.copy, name="archive_scope_copy"),
    path("<int:number>/settings/", views.settings, name="archive_scope_settings"),
    path("<int:number>/defaults/", views.add_defaults, name="archive_scope_defaults"),
    path("<int:number>/rows/new/", views.rule, name="archive_scope_new_rule"),
    path("<int:number>/rows/<int:rule_id>/", views.rule, name="archive_scope_rule"),
    path(
        "<int:number>/rows/<int:rule_id>/remove/",
        views.remove_rule,
        name="archive_scope_remove_rule",
    ),
    path("<int:number>/simulation/", views.simulation, name="archive_scope_simulation"),
    path("<int:number>/in-force/", views.put_in_force, name="archive_scope_in_force"),
]
