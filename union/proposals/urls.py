"""The addresses of proposals and of the congress."""

from __future__ import annotations

from django.urls import path

from union.proposals import office_views, views

urlpatterns = [
    path("proposals/", views.proposals, name="proposals"),
    path("proposals/new/<int:session_id>/", views.proposal_new, name="proposal_new"),
    path("proposals/<uuid:case_id>/", views.proposal, name="proposal"),
    path("proposals/<uuid:case_id>/edit/", views.proposal_edit, name="proposal_edit"),
    path("proposals/<uuid:case_id>/second/", views.proposal_second, name="proposal_second"),
    path("proposals/opinions/<int:row_id>/", views.proposal_opinion, name="proposal_opinion"),
    path("congress/", office_views.congress_office, name="congress"),
    path("congress/terms/<int:pk>/", office_views.congress_delegates, name="congress_delegates"),
    path(
        "congress/mandates/<int:pk>/end/",
        office_views.congress_mandate_end,
        name="congress_mandate_end",
    ),
    path("congress/<int:pk>/report/", office_views.congress_report, name="congress_report"),
    path(
        "congress/<int:pk>/report/pdf/",
        office_views.congress_report_pdf,
        name="congress_report_pdf",
    ),
    path("congress/<int:pk>/report/sheet/", office_views.congress_sheet, name="congress_sheet"),
    path(
        "congress/<int:pk>/report/<slug:action>/",
        office_views.congress_report_action,
        name="congress_report_action",
    ),
]
