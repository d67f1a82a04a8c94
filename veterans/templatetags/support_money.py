"""What the pages show of the money of an application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils import timezone

from veterans.models import Application, ApprovalLimit
from veterans.payments.amounts import comparison
from veterans.payments.budgets import Standing, standing_of
from veterans.payments.limits import role_names, tier_of

register = template.Library()


@dataclass(frozen=True)
class MoneyFacts:
    """Who approves, what was changed, how the budget stands, and what was paid."""

    limit: ApprovalLimit | None
    roles: str
    change: Any
    budget: Standing
    payments: list[Any]
    recoveries: list[Any]


@register.filter
def money_facts(application: Application) -> MoneyFacts | None:
    """Return the facts of the money for the office; None before the review."""
    if application.amount is None:
        return None
    today = timezone.localdate()
    limit = tier_of(application.amount, today)
    return MoneyFacts(
        limit,
        role_names([limit]) if limit else "",
        comparison(application),
        standing_of(application.item, today.year),
        list(application.payments.select_related("list_row__list").order_by("pk")),
        list(application.recoveries.order_by("pk")),
    )
