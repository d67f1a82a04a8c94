"""What the pages of an opinion read beside their context."""

from __future__ import annotations

from django import template

from union.models import Opinion, OpinionMessage
from union.opinions.sender_forms import MessageForm

register = template.Library()


@register.simple_tag
def messages_of(opinion: Opinion) -> list[OpinionMessage]:
    """Return the messages of an opinion, the oldest first, with who of the office wrote them."""
    return list(opinion.messages.select_related("staff_user__person"))


@register.simple_tag
def message_form() -> MessageForm:
    """Return an empty form for a message."""
    return MessageForm()
