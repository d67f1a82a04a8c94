"""What the pages of applications show beside plain fields."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from portal.cases.models import Case
from portal.personal_data.masking import masked_bank_card, masked_identity_number, masked_phone
from portal.personal_data.reveals import reveal_address, revealable
from veterans.applications.granting import granted_words, in_kind_of
from veterans.applications.letters import Letter, letters_of
from veterans.applications.review import Entitlement, entitlement_of
from veterans.applications.tasks import asked_questions, shown_answer
from veterans.models import Application
from veterans.standards.entitlement import money

register = template.Library()
_MASKS = {
    "identity_number": masked_identity_number,
    "phone": masked_phone,
    "bank_card": masked_bank_card,
}


@register.filter
def answers(application: Application) -> list[tuple[Any, Any]]:
    """Return the questions that were asked with their answers in words."""
    given = application.given_answers
    return [
        (question.label, shown_answer(question, given.get(question.code, "")))
        for question in asked_questions(application)
    ]


@register.filter
def entitlement(application: Application) -> Entitlement:
    """Return conditions and amount, frozen or computed now."""
    return entitlement_of(application)


@register.filter
def granted(application: Application) -> str:
    """Return what is granted: 18,000 yuan, or what the standard says in kind, or both."""
    return granted_words(application)


@register.filter
def in_kind(application: Application) -> tuple[str, ...]:
    """Return what is granted beside money."""
    return in_kind_of(application)


@register.filter
def letters(case: Case) -> list[Letter]:
    """Return the letters that were sent in a case."""
    return letters_of(case)


@register.filter
def yuan(amount: Decimal | None) -> str:
    """Return yuan as people write them: 18,000 or 1,200.50."""
    return money(amount) if amount is not None else "—"


@register.filter
def masked_card(application: Application) -> str:
    """Return of the bank card the last four digits."""
    return masked_bank_card(application.bank_card)


@register.inclusion_tag("veterans/applications/masked.html", takes_context=True)
def masked_value(context: dict[str, Any], application: Application, field: str) -> dict[str, Any]:
    """Show a masked value, and to whom it may be shown whole a way to ask for it."""
    found = revealable(f"{application._meta.label}.{field}")
    user = context["request"].user
    allowed = found is not None and found.may_reveal(user, application)
    return {
        "value": _MASKS[field](getattr(application, field)),
        "url": reveal_address(application, field) if allowed else "",
    }
