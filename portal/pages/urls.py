"""Addresses of the portal's own pages outside the page tree."""

from __future__ import annotations

from django.urls import URLPattern, path

from portal.pages.display_mode import display_mode
from portal.pages.statements import accessibility_statement

urlpatterns: list[URLPattern] = [
    path("display-mode/", display_mode, name="display_mode"),
    path("accessibility/", accessibility_statement, name="accessibility_statement"),
]
