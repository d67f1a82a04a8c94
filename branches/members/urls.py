"""The addresses of the roster, of transfers and of training hours."""

from __future__ import annotations

from django.urls import path

from branches.members import (
    change_views,
    import_views,
    office_views,
    training_views,
    transfer_views,
)

urlpatterns = [
    path("members/", office_views.roster, name="branch_members"),
    path("members/sheet/", office_views.roster_sheet, name="branch_members_sheet"),
    path("members/add/", office_views.enter, name="branch_member_add"),
    path("members/take-in/", transfer_views.take_in, name="branch_member_take_in"),
    path("members/import/", import_views.upload, name="branch_members_import"),
    path(
        "members/import/template/",
        import_views.template,
        name="branch_members_import_template",
    ),
    path("members/import/<int:pk>/", import_views.preview, name="branch_members_import_preview"),
    path("members/mine/", office_views.mine, name="branch_member_mine"),
    path("members/<int:pk>/", office_views.member, name="branch_member"),
    path("members/<int:pk>/confirm/", change_views.confirm, name="branch_member_confirm"),
    path("members/<int:pk>/correct/", change_views.correct, name="branch_member_correct"),
    path("members/<int:pk>/group/", change_views.regroup, name="branch_member_regroup"),
    path("members/<int:pk>/end/", change_views.end, name="branch_member_end"),
    path("members/<int:pk>/no-vote/", change_views.bar, name="branch_member_bar"),
    path("members/no-vote/<int:pk>/end/", change_views.lift, name="branch_member_lift"),
    path("members/<int:pk>/transfer/", transfer_views.send, name="branch_member_send"),
    path("transfers/", transfer_views.transfer_list, name="branch_transfers"),
    path("transfers/<int:pk>/receive/", transfer_views.receive, name="branch_transfer_receive"),
    path("transfers/<int:pk>/cancel/", transfer_views.cancel, name="branch_transfer_cancel"),
    path("transfers/<int:pk>/letter/", transfer_views.letter, name="branch_transfer_letter"),
    path("training/hours/<int:pk>/remove/", training_views.remove, name="branch_hours_remove"),
    path("training/<str:code>/", training_views.hours, name="branch_training"),
    path("training/<str:code>/add/", training_views.add, name="branch_training_add"),
]
