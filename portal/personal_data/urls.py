"""Addresses of personal data. None holds a number or a name."""

from __future__ import annotations

from django.urls import path

from portal.personal_data.views import mine, office, reveal

urlpatterns = [
    path("", mine.my_data, name="my_data"),
    path("download/", mine.my_data_download, name="my_data_download"),
    path("consents/<int:consent_id>/", mine.withdraw, name="consent_withdraw"),
    path("notices/<slug:code>/", mine.privacy_notice, name="privacy_notice_current"),
    path("notices/<slug:code>/<int:version>/", mine.privacy_notice, name="privacy_notice"),
    path("reveal/<str:label>/<str:pk>/", reveal.reveal_value, name="reveal_value"),
    path("reveals/", reveal.reveals, name="reveals"),
    path("inventory/", office.data_inventory, name="data_inventory"),
    path("exports/", office.data_exports, name="data_exports"),
    path("exports/<uuid:request_id>/", office.data_export, name="data_export"),
    path("exports/<uuid:request_id>/fetch/", office.data_export_fetch, name="data_export_fetch"),
]
