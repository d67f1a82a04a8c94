"""Addresses of the readings."""

from __future__ import annotations

from django.urls import path

from portal.archives.fixity import views

urlpatterns = [
    path("", views.fixity, name="archive_fixity"),
    path("repair/", views.repair, name="archive_fixity_repair"),
]
