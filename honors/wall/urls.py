"""The addresses of records of honors."""

from __future__ import annotations

from django.urls import path

from honors.wall import views

urlpatterns = [
    path("mine/", views.mine, name="honor_mine"),
    path("people/<int:pk>/", views.person_record, name="honor_person"),
    path("units/<str:code>/", views.unit_record, name="honor_unit"),
]
