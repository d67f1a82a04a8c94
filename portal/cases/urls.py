"""Addresses of cases."""

from __future__ import annotations

from django.urls import path

from portal.cases.views import (
    beside,
    case,
    desk,
    flows,
    mine,
    receipt,
    relatives,
    steps,
    supervision,
)

urlpatterns = [
    path("", desk.case_desk, name="case_desk"),
    path("export/", desk.case_export, name="case_export"),
    path("batch/", desk.case_batch, name="case_batch"),
    path("mine/", mine.my_cases, name="my_cases"),
    path("flows/<slug:code>/", flows.case_flow, name="case_flow"),
    path("supervision/", supervision.case_supervision, name="case_supervision"),
    path(
        "supervision/<int:supervision_id>/answer/",
        beside.case_supervision_answer,
        name="case_supervision_answer",
    ),
    path("relatives/", relatives.case_relatives, name="case_relatives"),
    path("relatives/all/", relatives.case_relatives_all, name="case_relatives_all"),
    path("relatives/<int:key>/end/", relatives.case_relative_end, name="case_relative_end"),
    path("<uuid:case_id>/", case.case, name="case"),
    path("<uuid:case_id>/steps/<slug:transition>/", steps.case_step, name="case_step"),
    path("<uuid:case_id>/take/", beside.case_take, name="case_take"),
    path("<uuid:case_id>/hand-over/", beside.case_hand_over, name="case_hand_over"),
    path("<uuid:case_id>/stand-aside/", beside.case_stand_aside, name="case_stand_aside"),
    path("<uuid:case_id>/extend/", beside.case_extend, name="case_extend"),
    path("<uuid:case_id>/calls/<int:call_id>/", beside.case_call, name="case_call"),
    path(
        "<uuid:case_id>/extend/decide/",
        beside.case_extension_decide,
        name="case_extension_decide",
    ),
    path("<uuid:case_id>/receipt/", receipt.case_receipt, name="case_receipt"),
    path("<uuid:case_id>/code/", receipt.case_code, name="case_code"),
    path("<uuid:case_id>/delete/", mine.case_draft_delete, name="case_draft_delete"),
]
