"""Addresses of receipts."""

from __future__ import annotations

from django.urls import path

from portal.archives.receipts import views

urlpatterns = [
    path("records/<uuid:record_id>/receipt/", views.receipt_page, name="archive_receipt"),
    path(
        "records/<uuid:record_id>/receipt.pdf",
        views.receipt_document,
        name="archive_receipt_document",
    ),
    path("records/<uuid:record_id>/receipt.json", views.receipt_file, name="archive_receipt_file"),
    path("receipt-verifier/", views.verifier, name="archive_receipt_verifier"),
]
