"""The addresses of what is made open."""

from __future__ import annotations

from django.urls import path

from union.openness import views

urlpatterns = [
    path("replies/", views.public_replies, name="public_replies"),
    path("open-management/", views.open_management, name="open_management"),
    path("open-management/questions/", views.disclosure_questions, name="disclosure_questions"),
    path(
        "open-management/questions/<int:pk>/",
        views.disclosure_question,
        name="disclosure_question",
    ),
    path("open-management/<int:pk>/ask/", views.disclosure_ask, name="disclosure_ask"),
]
