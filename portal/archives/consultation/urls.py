"""Addresses of the use of records."""

from __future__ import annotations

from django.urls import path

from portal.archives.consultation import views

urlpatterns = [
    path("", views.consultations, name="archive_consultations"),
    path("register/", views.register_sheet, name="archive_consultation_register"),
    path("ask/", views.ask, name="archive_consultation_ask"),
    path("<uuid:request_id>/", views.consultation, name="archive_consultation"),
    path("<uuid:request_id>/copy/", views.copy, name="archive_consultation_copy"),
]
