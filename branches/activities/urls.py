"""The addresses of activities, below those of branches."""

from __future__ import annotations

from django.urls import path

from branches.activities import plan_views, record_views, signing_views, talk_views, views

urlpatterns = [
    path("activities/", views.activities, name="branch_activities"),
    path("activities/sheet/", views.activities_sheet, name="branch_activities_sheet"),
    path("activities/mine/", views.mine, name="my_activities"),
    path("activities/new/", plan_views.new, name="branch_activity_new"),
    path("activities/<int:pk>/", views.activity, name="branch_activity"),
    path("activities/<int:pk>/plan/", plan_views.edit, name="branch_activity_edit"),
    path("activities/<int:pk>/steps/<slug:code>/", views.step, name="branch_activity_step"),
    path("activities/<int:pk>/files/", views.add_files, name="branch_activity_files"),
    path(
        "activities/<int:pk>/attendance/",
        record_views.attendance,
        name="branch_activity_attendance",
    ),
    path(
        "activities/<int:pk>/attendance/<int:attendance_id>/told/",
        record_views.make_up,
        name="branch_activity_told",
    ),
    path("activities/<int:pk>/minutes/", record_views.minutes, name="branch_activity_minutes"),
    path("activities/<int:pk>/votes/", record_views.vote, name="branch_activity_vote"),
    path(
        "activities/<int:pk>/votes/<int:vote_id>/remove/",
        record_views.remove_vote,
        name="branch_activity_vote_remove",
    ),
    path(
        "activities/<int:pk>/resolutions/<int:resolution_id>/done/",
        record_views.carry_out,
        name="branch_activity_done",
    ),
    path("activities/<int:pk>/screen/", signing_views.screen, name="branch_activity_screen"),
    path("activities/<int:pk>/scan/<str:code>/", signing_views.scan, name="branch_activity_scan"),
    path("activities/<int:pk>/sign-in/", signing_views.sign_in, name="branch_activity_sign_in"),
    path("activities/<int:pk>/leave/", signing_views.leave, name="branch_activity_leave"),
    path("theme-day/", plan_views.theme_day, name="branch_theme_day"),
    path("talks/", talk_views.talks, name="branch_talks"),
    path("talks/new/", talk_views.new_talk, name="branch_talk_new"),
    path("talks/<int:pk>/", talk_views.talk, name="branch_talk"),
]
