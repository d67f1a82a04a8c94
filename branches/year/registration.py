"""What the year of branches adds to the portal: a message."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from branches.year.services import REMINDER
from portal.notifications.messages import register_message
from portal.notifications.variables import Kind, declare_variable


def register() -> None:
    """Register once, when the application is ready."""
    declare_variable("what", Kind.TEXT, "kind of an activity")
    declare_variable("periods", Kind.TEXT, "months or quarters in which something is open")
    register_message(
        REMINDER,
        _("Organizational life: please look"),
        _("%(unit)s: “%(what)s” is missing or soon due (%(periods)s)."),
    )
