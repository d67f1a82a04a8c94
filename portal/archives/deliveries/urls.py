"""Addresses of deliveries."""

from __future__ import annotations

from django.urls import path

from portal.archives.deliveries import views
from portal.archives.deliveries.interface import interface

urlpatterns = [
    path("", views.deliveries, name="archive_deliveries"),
    path("guide/", views.guide, name="archive_delivery_guide"),
    path("interface/", interface, name="archive_delivery_interface"),
    path("<int:delivery_id>/", views.delivery, name="archive_delivery"),
    path("systems/<int:system_id>/end/", views.end, name="archive_delivering_system_end"),
]
