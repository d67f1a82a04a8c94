"""The addresses of suggestions."""

from __future__ import annotations

from django.urls import path

from union.suggestions import views

urlpatterns = [
    path("suggestions/", views.suggestions, name="suggestions"),
    path("suggestions/new/", views.suggestion_new, name="suggestion_new"),
    path("suggestions/register/", views.suggestion_register, name="suggestion_register"),
    path("suggestions/register/sheet/", views.suggestion_sheet, name="suggestion_sheet"),
    path("suggestions/<uuid:case_id>/", views.suggestion, name="suggestion"),
    path("suggestions/<uuid:case_id>/edit/", views.suggestion_edit, name="suggestion_edit"),
    path("suggestions/<uuid:case_id>/score/", views.suggestion_score, name="suggestion_score"),
]
