"""The addresses of the office pages of opinions."""

from __future__ import annotations

from django.urls import path

from union.opinions import figure_views, office_views

urlpatterns = [
    path("help/", office_views.opinion_help_list, name="opinion_help_list"),
    path("help/<int:pk>/", office_views.opinion_help, name="opinion_help"),
    path("matters/new/", office_views.opinion_matter_new, name="opinion_matter_new"),
    path("limits/", office_views.opinion_limits, name="opinion_limits"),
    path("figures/", figure_views.opinion_figures, name="opinion_figures"),
    path("figures/sheet/", figure_views.opinion_figures_sheet, name="opinion_figures_sheet"),
    path("figures/count/", figure_views.opinion_figures_count, name="opinion_figures_count"),
    path("figures/bulletin/", figure_views.opinion_bulletin_new, name="opinion_bulletin_new"),
    path("publish/<uuid:case_id>/", figure_views.opinion_publish, name="opinion_publish"),
]
