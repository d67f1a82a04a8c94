"""The addresses of second looks."""

from __future__ import annotations

from django.urls import path

from veterans.appeals import views

urlpatterns = [
    path("appeals/new/<uuid:case_id>/", views.appeal_new, name="support_appeal_new"),
    path("appeals/<uuid:case_id>/letter/", views.appeal_letter, name="support_appeal_letter"),
]
