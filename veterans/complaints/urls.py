"""The addresses of complaints and calls."""

from __future__ import annotations

from django.urls import path

from veterans.complaints import views

urlpatterns = [
    path("complaints/new/", views.support_complaint_new, name="support_complaint_new"),
]
