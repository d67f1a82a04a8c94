"""The addresses of surveys."""

from __future__ import annotations

from django.urls import path

from union.surveys import office_views, views

urlpatterns = [
    path("surveys/", views.survey_list, name="survey_list"),
    path("surveys/token/", views.token, name="survey_token"),
    path("surveys/<int:pk>/", views.answer, name="survey_answer"),
    path("surveys/<int:pk>/thanks/", views.thanks, name="survey_thanks"),
    path("surveys/office/", office_views.office, name="surveys_office"),
    path("surveys/office/new/", office_views.new, name="survey_new"),
    path("surveys/office/<int:pk>/", office_views.survey, name="survey_office"),
    path("surveys/office/<int:pk>/preview/", office_views.preview, name="survey_preview"),
    path("surveys/office/<int:pk>/launch/", office_views.launch, name="survey_launch"),
    path("surveys/office/<int:pk>/remind/", office_views.remind, name="survey_remind"),
    path("surveys/office/<int:pk>/close/", office_views.close, name="survey_close"),
    path("surveys/office/<int:pk>/copy/", office_views.copy, name="survey_copy"),
    path("surveys/office/<int:pk>/page/", office_views.write_page, name="survey_write_page"),
    path(
        "surveys/office/<int:pk>/tokens/<slug:group>/",
        office_views.token_sheet,
        name="survey_token_sheet",
    ),
    path(
        "surveys/office/questions/<int:pk>/new-version/",
        office_views.new_question_version,
        name="survey_question_version",
    ),
]
