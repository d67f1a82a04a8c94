"""Addresses of archive codes."""

from __future__ import annotations

from django.urls import path

from portal.archives.numbering import views

urlpatterns = [
    path("", views.codes, name="archive_codes"),
    path("templates/<int:year>/", views.template, name="archive_code_template"),
]
