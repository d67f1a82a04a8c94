"""Addresses of sign-in. They stand before allauth's own, some of which they close."""

from __future__ import annotations

from django.urls import path, re_path

from portal.people import views

urlpatterns = [
    path("second-factor/", views.second_factor, name="second_factor"),
    path("typed-text/", views.typed_text_page, name="typed_text"),
    # No registration and nothing by e-mail: accounts are made, and passwords renewed, by officers.
    re_path(
        r"^(signup|email|confirm-email|login/code|password/reset|password/set)(/.*)?$",
        views.not_offered,
    ),
]
