"""Addresses of the ledger: its heads, their sheets and files."""

from __future__ import annotations

from django.urls import path, register_converter

from portal.archives.tree import views
from portal.archives.tree.converters import DateConverter

register_converter(DateConverter, "ledger_date")

urlpatterns = [
    path("", views.ledger_page, name="archive_ledger"),
    path("proof.json", views.proof_file, name="archive_ledger_proof"),
    path("<ledger_date:date>/", views.head_page, name="archive_ledger_head"),
    path("<ledger_date:date>/head.txt", views.head_file, name="archive_ledger_head_file"),
    path("<ledger_date:date>/sheet.pdf", views.head_sheet, name="archive_ledger_head_sheet"),
]
