"""The addresses of veterans' support beside its pages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("applications/", include("veterans.applications.urls")),
    path("", include("veterans.beneficiaries.urls")),
    path("", include("veterans.appeals.urls")),
    path("", include("veterans.complaints.urls")),
    path("", include("veterans.payments.urls")),
    path("", include("veterans.limits.urls")),
    path("", include("veterans.ratings.urls")),
    path("", include("veterans.visits.urls")),
    path("", include("veterans.statistics.urls")),
    path("", include("veterans.standards.urls")),
    path("", include("veterans.publicity.urls")),
]
