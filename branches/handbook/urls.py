"""Addresses of the handbooks."""

from __future__ import annotations

from django.urls import path

from branches.handbook import views

urlpatterns = [
    path("handbook/", views.handbook, name="branch_handbook"),
    path(
        "handbook/<str:code>/<int:year>/", views.handbook_document, name="branch_handbook_document"
    ),
    path(
        "handbook/<str:code>/<int:year>/close/", views.handbook_close, name="branch_handbook_close"
    ),
]
