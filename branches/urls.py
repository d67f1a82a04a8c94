"""The addresses of Party branches beside their pages."""

from __future__ import annotations

from django.urls import include, path

from branches.year import views as year

urlpatterns = [
    path("", include("branches.members.urls")),
    path("", include("branches.organization.urls")),
    path("", include("branches.activities.urls")),
    path("", include("branches.handbook.urls")),
    path("", include("branches.safety.urls")),
    path("", include("branches.rules.urls")),
    path("year/", year.year, name="branch_year"),
    path("year/sheet/", year.year_sheet, name="branch_year_sheet"),
    path("year/page/", year.year_pdf, name="branch_year_pdf"),
    path("year/indicators/", year.indicators, name="branch_indicators"),
    path("year/indicators/sheet/", year.indicators_sheet, name="branch_indicators_sheet"),
    path("year/remind/", year.remind, name="branch_year_remind"),
    path(
        "year/<str:code>/<slug:kind>/<int:year>/<int:number>/", year.cell, name="branch_year_cell"
    ),
]
