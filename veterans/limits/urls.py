"""The addresses of limits."""

from __future__ import annotations

from django.urls import path

from veterans.limits import views

urlpatterns = [
    path("limits/", views.limits, name="support_limits"),
    path("limits/new/<slug:subject>/", views.limit_new, name="support_limit_new"),
    path(
        "limits/new/<slug:subject>/<slug:code>/",
        views.limit_new,
        name="support_limit_new_of",
    ),
    path("limits/<int:change_id>/", views.limit, name="support_limit"),
]
