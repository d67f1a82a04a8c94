"""The addresses of the register of awards."""

from __future__ import annotations

from django.urls import path

from honors.awards import import_views, keeping_views, office_views, statistics_views

urlpatterns = [
    path("awards/", office_views.register, name="honor_awards"),
    path("awards/new/", office_views.enter, name="honor_award_new"),
    path("awards/pages/", office_views.untold, name="honor_pages"),
    path("awards/waiting/", office_views.waiting, name="honor_awards_waiting"),
    path("awards/sheet/", statistics_views.awards_sheet, name="honor_awards_sheet"),
    path("awards/<int:pk>/", office_views.award, name="honor_award"),
    path("awards/<int:pk>/confirm/", office_views.confirm, name="honor_award_confirm"),
    path("awards/<int:pk>/discard/", office_views.discard, name="honor_award_discard"),
    path("awards/<int:pk>/page/", office_views.draft, name="honor_award_page"),
    path("awards/<int:pk>/change/<slug:kind>/", office_views.change, name="honor_award_change"),
    path("awards/<int:pk>/reward/", keeping_views.reward_new, name="honor_reward_new"),
    path("changes/<int:pk>/", office_views.answer, name="honor_change"),
    path("rewards/", keeping_views.reward_register, name="honor_rewards"),
    path("rewards/sheet/", keeping_views.reward_sheet, name="honor_rewards_sheet"),
    path("rewards/<int:pk>/returned/", keeping_views.reward_returned, name="honor_reward_returned"),
    path("reviews/", keeping_views.review_list, name="honor_reviews"),
    path("reviews/<int:pk>/<int:year>/<int:quarter>/", keeping_views.review, name="honor_review"),
    path("import/", import_views.upload, name="honor_import"),
    path("import/template/", import_views.template, name="honor_import_template"),
    path("import/<int:pk>/", import_views.preview, name="honor_import_preview"),
    path("import/<int:pk>/waiting/", import_views.waiting, name="honor_import_waiting"),
    path("statistics/", statistics_views.statistics, name="honor_statistics"),
    path("statistics/sheet/", statistics_views.statistics_sheet, name="honor_statistics_sheet"),
]
