"""Admin addresses that stand before Wagtail's own. Their names stay Wagtail's."""

from __future__ import annotations

from django.urls import path, re_path

from portal.publishing import closed

urlpatterns = [
    path("api/main/pages/<int:page_id>/action/<str:action_name>/", closed.not_offered),
    re_path(r"^api/main/(images|documents)/.*$", closed.not_offered),
    path("choose-page/<int:parent_page_id>/", closed.choose_page_below),
    path("choose-page/chosen-multiple/", closed.chosen_pages),
    path("pages/create/<slug:app_label>/<slug:model_name>", closed.choose_parent),
]
