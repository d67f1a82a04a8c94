"""Who sees and enters checks on the spot, for the pages of cases."""

from __future__ import annotations

from typing import Any

from django import template

from veterans.visits import views

register = template.Library()


@register.filter
def reads_visits(user: Any) -> bool:
    """Whether the account reads checks on the spot."""
    return views.reads_visits(user)


@register.filter
def writes_visits(user: Any) -> bool:
    """Whether the account enters checks on the spot."""
    return views.writes_visits(user)
