"""The addresses of support standards."""

from __future__ import annotations

from django.urls import path

from veterans.standards import views

urlpatterns = [
    path("items/<slug:item_code>/check/", views.self_check, name="support_self_check"),
]
