"""Addresses of tracking without an account."""

from __future__ import annotations

from django.urls import path

from portal.cases.views import tracking

urlpatterns = [
    path("", tracking.track, name="track"),
    path("case/", tracking.track_case, name="track_case"),
    path("leave/", tracking.track_leave, name="track_leave"),
]
