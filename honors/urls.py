"""The addresses of honors beside their pages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("honors.rounds.urls")),
    path("", include("honors.titles.urls")),
    path("", include("honors.awards.urls")),
    path("", include("honors.certificates.urls")),
    path("", include("honors.wall.urls")),
]
