"""Template tags of the paper twin."""

from __future__ import annotations

from typing import Any

from django import template

from portal.archives.models import PaperCopy, Record
from portal.archives.permissions import may_receive

register = template.Library()


@register.inclusion_tag("archives/paper/section.html", takes_context=True)
def paper_section(context: dict[str, Any], record: Record) -> dict[str, Any]:
    """Show where the paper of a record lies, on the page of the record."""
    found = PaperCopy.objects.filter(record=record).select_related("checked_by__person").first()
    return {
        "record": record,
        "paper": found,
        "may_write": may_receive(context["request"].user),
    }


@register.filter
def of_key(values: dict[Any, Any], key: Any) -> Any:
    """Return the value of a key, empty when there is none."""
    return values.get(key, "")
