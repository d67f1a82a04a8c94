"""Numbers of a drawing, written as SVG reads them in every language."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def unlocalize_number(value: float, added: float = 0) -> str:
    """Return a coordinate, moved by so much, with a point and without needless digits."""
    return f"{value + added:g}"
