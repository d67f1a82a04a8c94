"""What the pages show of the money of an application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils import timezone

from portal.cases.models import Case, CaseEvent
from portal.personal_data.masking import masked_bank_card
from veterans.appeals.rules import DECISIONS
from veterans.models import AmountChange, Application, ApprovalLimit, Payment
from veterans.models.applications import PaymentState
from veterans.models.recoveries import RecoveryState
from veterans.payments.amounts import comparison
from veterans.payments.budgets import Standing, standing_of
from veterans.payments.further_years import words_of
from veterans.payments.limits import role_names, tier_of
from veterans.payments.next_years import NextYear
from veterans.payments.permissions import may_propose_recovery, may_read_ledger

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

    @property
    def is_paid(self) -> bool:
        """Whether any money reached the person."""
        return any(payment.state == PaymentState.PAID for payment in self.payments)


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


@register.filter
def masked_account(payment: Payment) -> str:
    """Return of the card a payment goes to the last four digits."""
    return masked_bank_card(payment.account_card)


@register.filter
def masked_year_account(year: NextYear) -> str:
    """Return of the card the next year goes to the last four digits."""
    return masked_bank_card(year.account[1])


@register.filter
def year_words(payment: Payment) -> str:
    """Return which year of a benefit a payment is for; nothing for a decision's payment."""
    return words_of(payment)


@register.filter
def decided_recoveries(application: Application) -> list[Any]:
    """Return what the person was told to pay back and has not paid back yet."""
    return list(application.recoveries.filter(state=RecoveryState.DECIDED))


@register.filter
def agreed_change(application: Application, event: CaseEvent) -> AmountChange | None:
    """Return the change of the amount that was agreed to in an approval."""
    return application.amount_changes.filter(confirmed_at=event.at).first()


@register.filter
def is_last_decision(case: Case, event: CaseEvent) -> bool:
    """Whether no later event decided a case again."""
    later = case.events.filter(sequence__gt=event.sequence, transition__in=DECISIONS)
    return not later.exists()


@register.filter
def reads_money(user: Any) -> bool:
    """Whether the account reads payments and recoveries of everybody."""
    return may_read_ledger(user)


@register.filter
def proposes_recovery(user: Any) -> bool:
    """Whether the account may say that money has to come back."""
    return may_propose_recovery(user)
