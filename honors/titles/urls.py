"""The addresses of titles."""

from __future__ import annotations

from django.urls import path

from honors.titles import views

urlpatterns = [
    path("titles/", views.titles, name="honor_titles"),
    path("titles/new/", views.title_new, name="honor_title_new"),
    path("titles/<slug:code>/", views.title, name="honor_title"),
    path("titles/<slug:code>/edit/", views.title_edit, name="honor_title_edit"),
]
