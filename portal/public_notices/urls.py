"""Addresses of objections to public notices."""

from __future__ import annotations

from django.urls import path

from portal.public_notices import views

urlpatterns = [
    path("", views.objections, name="objections"),
    path("mine/", views.my_objections, name="my_objections"),
    path("new/<uuid:notice_id>/", views.new_objection, name="objection_new"),
    path("<uuid:objection_id>/", views.objection, name="objection"),
    path("<uuid:objection_id>/answer/", views.answer, name="objection_answer"),
]
