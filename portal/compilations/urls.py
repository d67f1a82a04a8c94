"""Addresses of the desk of compilations."""

from __future__ import annotations

from django.urls import path

from portal.compilations import views

urlpatterns = [path("", views.compilations, name="archive_compilations")]
