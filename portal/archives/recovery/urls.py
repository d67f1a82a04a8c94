"""The address of the drills."""

from __future__ import annotations

from django.urls import path

from portal.archives.recovery import views

urlpatterns = [path("drills/", views.drills, name="archive_drills")]
