"""The addresses of rounds and nominations."""

from __future__ import annotations

from django.urls import path

from honors.rounds import office_views, views

urlpatterns = [
    path("rounds/", views.rounds, name="honor_rounds"),
    path("rounds/new/", office_views.round_new, name="honor_round_new"),
    path("rounds/<uuid:round_id>/change/", office_views.round_change, name="honor_round_change"),
    path("rounds/<uuid:round_id>/nominate/", views.nominate, name="honor_nominate"),
    path("nominations/", views.my_nominations, name="honor_my_nominations"),
    path("nominations/branch/", views.branch_nominations, name="honor_branch_nominations"),
    path("nominations/<int:pk>/", views.nomination, name="honor_nomination"),
    path("nominations/<int:pk>/edit/", views.nomination_edit, name="honor_nomination_edit"),
    path("nominations/<int:pk>/withdraw/", views.withdraw, name="honor_nomination_withdraw"),
    path("nominations/<int:pk>/branch/", views.assess, name="honor_nomination_assess"),
    path("nominations/<int:pk>/examine/", office_views.examine, name="honor_examine"),
    path("nominations/<int:pk>/opinion/<slug:part>/", office_views.opinion, name="honor_opinion"),
    path("nominations/<int:pk>/score/", office_views.score, name="honor_score"),
    path("nominations/<int:pk>/aside/", office_views.judge_aside, name="honor_judge_aside"),
    path("decisions/", views.decisions, name="honor_decisions"),
    path("asked/", office_views.asked, name="honor_asked"),
    path(
        "objections/<uuid:objection_id>/",
        office_views.investigation,
        name="honor_investigation",
    ),
]
