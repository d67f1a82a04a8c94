"""The addresses of certificates and of their verification."""

from __future__ import annotations

from django.urls import path

from honors.certificates import office_views, verification_views

urlpatterns = [
    path("verify/", verification_views.verification_form, name="honor_verification_form"),
    path("verify/<str:code>/", verification_views.verification, name="honor_verification"),
    path("awards/<int:pk>/certificate/", office_views.certificate, name="honor_certificate"),
    path("awards/<int:pk>/plate/", office_views.plate, name="honor_plate"),
    path("certificates/", office_views.batch_list, name="honor_batches"),
    path("certificates/<int:pk>/", office_views.batch, name="honor_batch"),
    path("certificates/<int:pk>/file/", office_views.batch_file, name="honor_batch_file"),
]
