"""The addresses of the calendar of an account."""

from __future__ import annotations

from django.urls import path

from portal.agenda import views

urlpatterns = [
    path("", views.this_month, name="agenda"),
    path("<int:year>/<int:month>/", views.month, name="agenda_month"),
    path("subscription/", views.subscribe, name="agenda_subscribe"),
    path("subscription/end/", views.unsubscribe, name="agenda_unsubscribe"),
    path("feed/<str:secret>.ics", views.feed, name="agenda_feed"),
]
