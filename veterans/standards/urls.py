"""The addresses of support standards."""

from __future__ import annotations

from django.urls import path

from veterans.standards import office_views, views

urlpatterns = [
    path("items/<slug:item_code>/check/", views.self_check, name="support_self_check"),
    path("standards/", office_views.versions, name="support_standards"),
    path("standards/<int:pk>/", office_views.version, name="support_standard"),
    path(
        "standards/<int:pk>/difference/",
        office_views.difference,
        name="support_standard_difference",
    ),
    path("standards/<int:pk>/propose/", office_views.propose, name="support_standard_propose"),
    path("standards/<int:pk>/publish/", office_views.publish, name="support_standard_publish"),
    path("standards/<int:pk>/return/", office_views.send_back, name="support_standard_return"),
    path("standards/<int:pk>/copy/", office_views.copy, name="support_standard_copy"),
    path("standards/<int:pk>/sheet/", office_views.sheet, name="support_standard_sheet"),
    path(
        "standards/<int:pk>/take-sheet/",
        office_views.take_sheet,
        name="support_standard_take_sheet",
    ),
    path("standards/<int:pk>/page/", office_views.page_draft, name="support_standard_page"),
]
