"""Addresses of the working-day calendar."""

from __future__ import annotations

from django.urls import path

from portal.workdays import views

urlpatterns = [
    path("", views.this_year, name="workdays"),
    path("import/", views.import_year, name="workdays_import"),
    path("<int:year>/", views.one_year, name="workdays_year"),
    path("<int:year>/sheet/", views.year_sheet, name="workdays_sheet"),
]
