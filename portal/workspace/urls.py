"""Addresses of the workspace."""

from __future__ import annotations

from django.urls import path

from portal.workspace import views

urlpatterns = [path("", views.workspace, name="workspace")]
