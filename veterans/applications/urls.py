"""The addresses of applications for support."""

from __future__ import annotations

from django.urls import path

from veterans.applications import letters, views

urlpatterns = [
    path("start/<slug:item_code>/", views.start, name="support_start"),
    path("<uuid:case_id>/", views.application, name="support_application"),
    path("<uuid:case_id>/check/", views.check, name="support_check"),
    path("<uuid:case_id>/hand-in/", views.hand_in, name="support_hand_in"),
    path("<uuid:case_id>/standard/", views.standard_seen, name="support_standard_seen"),
    path("<uuid:case_id>/letters/<int:sequence>/", letters.letter, name="support_letter"),
    path("<uuid:case_id>/<slug:code>/", views.part, name="support_part"),
]
