"""The addresses of the figures of support."""

from __future__ import annotations

from django.urls import path

from veterans.statistics import views

urlpatterns = [
    path("statistics/", views.support_statistics, name="support_statistics"),
    path("statistics/sheet/", views.support_statistics_sheet, name="support_statistics_sheet"),
    path("statistics/bulletin/", views.support_bulletin, name="support_bulletin"),
    path("statistics/count/", views.support_statistics_count, name="support_statistics_count"),
]
