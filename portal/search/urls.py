"""Addresses of the search."""

from __future__ import annotations

from django.urls import path

from portal.search.views import search_page

urlpatterns = [path("", search_page, name="search")]
