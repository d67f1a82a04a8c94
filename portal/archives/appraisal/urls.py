"""Addresses of the appraisal."""

from __future__ import annotations

from django.urls import path

from portal.archives.appraisal import hold_views, list_views, views

LIST = "lists/<uuid:list_id>/"

urlpatterns = [
    path("", views.expiry_queue, name="archive_appraisal"),
    path("decide/", views.decide, name="archive_appraisal_decide"),
    path("holds/", hold_views.holds, name="archive_holds"),
    path("holds/add/", hold_views.add_hold, name="archive_hold_add"),
    path("holds/<uuid:hold_id>/", hold_views.hold, name="archive_hold"),
    path("lists/", list_views.destruction_lists, name="archive_destruction_lists"),
    path(LIST, list_views.destruction_list, name="archive_destruction_list"),
    path(f"{LIST}document/", list_views.document, name="archive_destruction_document"),
    path(
        f"{LIST}entries/<int:entry_id>/remove/",
        list_views.take_off,
        name="archive_destruction_take_off",
    ),
    path(f"{LIST}<slug:name>/", list_views.step, name="archive_destruction_step"),
]
