"""Addresses of the paper twin."""

from __future__ import annotations

from django.urls import path

from portal.archives.paper import stock_views, views

urlpatterns = [
    path("paper/", views.papers, name="archive_paper"),
    path("paper/export/", views.export, name="archive_paper_export"),
    path("paper/template/", views.template, name="archive_paper_template"),
    path("paper/import/", views.import_sheet, name="archive_paper_import"),
    path("paper/match/", views.match, name="archive_paper_match"),
    path("records/<uuid:record_id>/paper/", views.record_paper, name="archive_record_paper"),
    path("stock-takings/", stock_views.stock_takings, name="archive_stock_takings"),
    path("stock-takings/<int:taking_id>/", stock_views.stock_taking, name="archive_stock_taking"),
    path("stock-takings/<int:taking_id>/finish/", stock_views.finish, name="archive_stock_finish"),
    path("stock-takings/<int:taking_id>/boxes/", stock_views.box_list, name="archive_stock_boxes"),
    path("stock-takings/<int:taking_id>/report/", stock_views.report, name="archive_stock_report"),
]
