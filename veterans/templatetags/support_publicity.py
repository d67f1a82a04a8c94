"""Words for lists of greetings and comments."""

from __future__ import annotations

from typing import Any

from django import template

from portal.personal_data.masking import masked_name
from veterans.standards.vocabulary import CATEGORIES

register = template.Library()


@register.filter
def category_words(code: str) -> Any:
    """Return the words of a category."""
    return dict(CATEGORIES).get(code, code)


@register.filter
def masked_person(name: str) -> str:
    """Return a name with its surname only: 张*."""
    return masked_name(name)
