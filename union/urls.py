"""The addresses of the union beside its pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from union.openness import urls as openness
from union.opinions import office_urls as opinion_office
from union.opinions import urls as opinions
from union.proposals import urls as proposals
from union.suggestions import urls as suggestions
from union.survey_results import urls as survey_results
from union.surveys import urls as surveys

urlpatterns: list[URLPattern | URLResolver] = [
    path("opinions/", include(opinions)),
    path("handling/", include(opinion_office)),
    *openness.urlpatterns,
    *proposals.urlpatterns,
    *suggestions.urlpatterns,
    *surveys.urlpatterns,
    *survey_results.urlpatterns,
]
