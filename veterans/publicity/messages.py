"""What those who signed up for a briefing are told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.notifications.messages import register_message
from portal.notifications.variables import Kind, declare_variable

SEAT, REMINDER, ANSWERED = "briefing-seat", "briefing-reminder", "consultation-answered"


def register() -> None:
    """Register the messages; none of them says anything of a person."""
    declare_variable("when", Kind.TEXT, "day and time of a briefing")
    declare_variable("place", Kind.TEXT, "where a briefing is held")
    register_message(
        SEAT,
        _("You have a seat now"),
        _("A seat at “%(title)s” has become free for you: %(when)s, %(place)s."),
    )
    register_message(
        REMINDER,
        _("Briefing tomorrow"),
        _("“%(title)s” begins %(when)s, %(place)s. If you cannot come, please cancel."),
    )
    register_message(
        ANSWERED,
        _("Your comment was answered"),
        _("The office has answered your comment on “%(title)s”."),
    )
