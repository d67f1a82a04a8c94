"""Addresses of private files."""

from __future__ import annotations

from django.urls import path

from portal.files import views

urlpatterns = [path("<uuid:file_id>/", views.stored_file, name="stored_file")]
