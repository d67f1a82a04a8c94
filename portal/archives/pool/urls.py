"""Addresses of the pool."""

from __future__ import annotations

from django.urls import path

from portal.archives.pool import supervision, views

urlpatterns = [
    path("", views.pool, name="archive_pool"),
    path("batch/", views.batch, name="archive_pool_batch"),
    path("stalled/", supervision.stalled, name="archive_stalled"),
    path("stalled/<str:unit_code>.pdf", supervision.sheet, name="archive_supervision_sheet"),
    path("<uuid:record_id>/", views.pool_item, name="archive_pool_item"),
    path("<uuid:record_id>/correct/", views.correct, name="archive_pool_correct"),
    path("<uuid:record_id>/return/", views.return_item, name="archive_pool_return"),
    path("<uuid:record_id>/answer/", views.answer, name="archive_pool_answer"),
    path("<uuid:record_id>/accept/", views.accept, name="archive_pool_accept"),
    path("<uuid:record_id>/void/", views.void_acceptance, name="archive_pool_void"),
    path("<uuid:record_id>/bring-in/", views.bring_in, name="archive_pool_bring_in"),
]
