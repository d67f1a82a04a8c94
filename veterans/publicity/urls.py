"""The addresses of answers, leaflets, briefings, greetings and consultations."""

from __future__ import annotations

from django.urls import path, re_path

from veterans.publicity import office_views, views

urlpatterns = [
    path("questions/", views.answers, name="support_answers"),
    path("items/<slug:item_code>/leaflet/", views.leaflet, name="support_leaflet"),
    path("briefings/<int:pk>/sign-up/", views.sign_up, name="support_briefing_sign_up"),
    path("briefings/<int:pk>/cancel/", views.cancel, name="support_briefing_cancel"),
    path(
        "briefings/<int:pk>/attendance/",
        office_views.attendance,
        name="support_briefing_attendance",
    ),
    path(
        "briefings/<int:pk>/attendance/sheet/",
        office_views.attendance_workbook,
        name="support_briefing_sheet",
    ),
    path("greetings/", office_views.greeting_lists, name="support_greeting_lists"),
    path("greetings/<int:pk>/", office_views.greeting_list, name="support_greetings"),
    path(
        "greetings/<int:pk>/sheet/", office_views.greeting_workbook, name="support_greetings_sheet"
    ),
    re_path(
        r"^greetings/(?P<pk>[0-9]{1,15})/(?P<action>add|close)/$",
        office_views.greeting_action,
        name="support_greetings_action",
    ),
    path("standards/<int:pk>/consult/", office_views.consult, name="support_standard_consult"),
    path("consultations/<int:pk>/comment/", views.comment, name="support_comment"),
    path("consultations/<int:pk>/result/", office_views.result, name="support_consultation_result"),
    path("comments/<int:pk>/", views.edit_comment, name="support_comment_edit"),
    path("comments/<int:pk>/answer/", office_views.answer, name="support_comment_answer"),
]
