"""Addresses of the archive."""

from __future__ import annotations

from django.urls import include, path

from portal.archives import views

urlpatterns = [
    path("", include("portal.archives.retrieval.urls")),
    path("records/<uuid:record_id>/", views.record, name="archive_record"),
    path("records/<uuid:record_id>/files/<int:file_id>/", views.record_file, name="archive_file"),
    path("", include("portal.archives.receipts.urls")),
    path("", include("portal.archives.access.urls")),
    path("", include("portal.archives.attachments.urls")),
    path("", include("portal.archives.legacy.urls")),
    path("", include("portal.archives.packages.urls")),
    path("", include("portal.archives.paper.urls")),
    path("", include("portal.archives.inspection.urls")),
    path("deliveries/", include("portal.archives.deliveries.urls")),
    path("appraisal/", include("portal.archives.appraisal.urls")),
    path("use/", include("portal.archives.consultation.urls")),
    path("", include("portal.archives.recovery.urls")),
    path("fixity/", include("portal.archives.fixity.urls")),
    path("pool/", include("portal.archives.pool.urls")),
    path("scope/", include("portal.archives.scope.urls")),
    path("codes/", include("portal.archives.numbering.urls")),
    path("", include("portal.archives.statistics.urls")),
    path("ledger/", include("portal.archives.tree.urls")),
]
