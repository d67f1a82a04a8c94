"""The addresses of payments, budgets and recoveries."""

from __future__ import annotations

from django.urls import path

from veterans.payments import recovery_views, views, year_views

urlpatterns = [
    path("payments/", views.payments, name="support_payments"),
    path("payments/sheet/", views.payments_sheet, name="support_payments_sheet"),
    path("payments/lists/", views.payment_lists, name="support_payment_lists"),
    path(
        "payments/lists/new/<slug:item_code>/",
        views.payment_list_new,
        name="support_payment_list_new",
    ),
    path("payments/lists/<int:list_id>/", views.payment_list, name="support_payment_list"),
    path(
        "payments/lists/<int:list_id>/paid/",
        views.payment_list_paid,
        name="support_payment_list_paid",
    ),
    path(
        "payments/lists/<int:list_id>/sheet/",
        views.payment_list_sheet,
        name="support_payment_list_sheet",
    ),
    path(
        "payments/years/<int:payment_id>/failed/",
        year_views.further_year_failed,
        name="support_year_failed",
    ),
    path(
        "payments/years/<int:payment_id>/taken-back/",
        year_views.further_year_taken_back,
        name="support_year_taken_back",
    ),
    path("budgets/", views.support_budgets, name="support_budgets"),
    path(
        "budgets/<int:budget_id>/approve/",
        views.support_budget_approve,
        name="support_budget_approve",
    ),
    path("recoveries/", recovery_views.support_recoveries, name="support_recoveries"),
    path(
        "recoveries/new/<uuid:case_id>/",
        recovery_views.support_recovery_new,
        name="support_recovery_new",
    ),
    path("recoveries/<int:recovery_id>/", recovery_views.support_recovery, name="support_recovery"),
]
