"""The addresses of the organization of branches."""

from __future__ import annotations

from django.urls import path

from branches.organization import views

urlpatterns = [
    path("organization/", views.overview, name="branch_organizations"),
    path("organization/terms/<int:pk>/extend/", views.term_extend, name="branch_term_extend"),
    path("organization/posts/<int:pk>/end/", views.post_end, name="branch_post_end"),
    path("organization/<str:code>/", views.branch, name="branch_organization"),
    path("organization/<str:code>/terms/add/", views.term_add, name="branch_term_add"),
    path("organization/<str:code>/posts/add/", views.post_add, name="branch_post_add"),
    path("organization/<str:code>/groups/add/", views.group_add, name="branch_group_add"),
    path("organization/<str:code>/change/<slug:kind>/", views.change, name="branch_change"),
]
