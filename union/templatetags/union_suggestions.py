"""What the pages show of suggestions."""

from __future__ import annotations

from decimal import Decimal

from django import template

from union.models import Award, Suggestion
from union.suggestions.figures import authors_of

register = template.Library()


@register.filter
def yuan(amount: Decimal | None) -> str:
    """Write an amount as people read it: 12,800 or 12,800.50; a dash for none."""
    if amount is None:
        return "—"
    return f"{amount:,.2f}".removesuffix(".00")


@register.filter
def authors(suggestion: Suggestion) -> str:
    """Return the names of all authors."""
    return authors_of(suggestion)


@register.filter
def award_of(suggestion: Suggestion) -> Award | None:
    """Return the award of a suggestion."""
    return Award.objects.select_related("tier", "benefit_tier").filter(pk=suggestion.pk).first()
