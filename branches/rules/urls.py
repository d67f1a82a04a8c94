"""The addresses of the rules of branch work."""

from __future__ import annotations

from django.urls import path

from branches.rules import views

urlpatterns = [
    path("rules/", views.rules, name="branch_rules"),
    path("rules/<slug:table>/<int:pk>/", views.rule, name="branch_rule"),
]
