"""The addresses of results."""

from __future__ import annotations

from django.urls import path

from union.survey_results import views

urlpatterns = [
    path("surveys/<int:pk>/results.xlsx", views.sheet, name="survey_result_sheet"),
    path("surveys/<int:pk>/results.pdf", views.report, name="survey_result_report"),
    path("surveys/office/<int:pk>/results/", views.results, name="survey_results"),
    path("surveys/office/<int:pk>/results/publish/", views.publish, name="survey_publish"),
    path("surveys/office/<int:pk>/comments/", views.comment_list, name="survey_comments"),
    path(
        "surveys/office/<int:pk>/comments/<int:comment>/",
        views.comment_step,
        name="survey_comment",
    ),
    path(
        "surveys/office/<int:pk>/improvements/", views.improvement_list, name="survey_improvements"
    ),
    path(
        "surveys/office/<int:pk>/improvements/new/",
        views.improvement,
        name="survey_improvement_new",
    ),
    path(
        "surveys/office/<int:pk>/improvements/<int:line>/",
        views.improvement,
        name="survey_improvement",
    ),
    path(
        "surveys/office/<int:pk>/improvements/<int:line>/progress/",
        views.progress,
        name="survey_improvement_progress",
    ),
]
