"""The addresses of checks on the spot."""

from __future__ import annotations

from django.urls import path

from veterans.visits import views

urlpatterns = [
    path("visits/", views.support_visits, name="support_visits"),
    path("visits/new/<uuid:case_id>/", views.support_visit_new, name="support_visit_new"),
]
