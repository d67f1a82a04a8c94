"""Addresses of messages."""

from __future__ import annotations

from django.urls import path

from portal.notifications import views

urlpatterns = [
    path("", views.inbox, name="notifications"),
    path("read-all/", views.read_all, name="notifications_read_all"),
    path("<int:message_id>/open/", views.open_message, name="notification_open"),
    path("undelivered/", views.undelivered, name="notifications_undelivered"),
    path("undelivered/try-again/", views.try_again, name="notifications_try_again"),
]
