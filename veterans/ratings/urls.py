"""The addresses of follow-ups of bad ratings."""

from __future__ import annotations

from django.urls import path

from veterans.ratings import views

urlpatterns = [
    path("follow-ups/", views.support_follow_ups, name="support_follow_ups"),
    path("follow-ups/<int:follow_up_id>/", views.support_follow_up, name="support_follow_up"),
]
