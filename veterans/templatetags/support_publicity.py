"""Words for lists of greetings and comments."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from portal.personal_data.masking import masked_name
from veterans.publicity.home import phone_of_a_standard
from veterans.standards.showing import dialled
from veterans.standards.vocabulary import CATEGORIES

register = template.Library()


@register.filter
def category_words(code: str) -> Any:
    """Return the words of a category."""
    return dict(CATEGORIES).get(code, code)


@register.simple_tag(takes_context=True)
def station_call(context: dict[str, Any]) -> dict[str, str]:
    """Return the number to call about what the page shows, as it is written and as it is dialled.

    The standard of the page names it; else the settings, else the newest standard in force.
    """
    standard = context.get("standard")
    phone = getattr(standard, "phone", "") or getattr(context.get("page"), "phone", "")
    phone = phone or settings.SERVICE_PHONE or phone_of_a_standard()
    return {
        "phone": phone,
        "dialled": dialled(phone),
        "hours": getattr(standard, "hours", ""),
    }


@register.filter
def masked_person(name: str) -> str:
    """Return a name with its surname only: 张*."""
    return masked_name(name)
