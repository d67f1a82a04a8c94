"""What suggestions add to the portal: the flow, a door, messages, tasks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.cases.doors import register_case_door
from portal.notifications.messages import register_message
from union.suggestions import flow, tasks
from union.suggestions.permissions import reads_register

_TEXTS = {
    flow.ADOPTED: (
        _("Your suggestion is adopted"),
        _("%(item)s (%(number)s) is adopted and will be put into practice."),
    ),
    flow.DEFERRED: (
        _("Your suggestion is deferred"),
        _("%(item)s (%(number)s): the page says why and what is missing."),
    ),
    flow.DECLINED: (
        _("Your suggestion was not adopted"),
        _("%(item)s (%(number)s): the page says why."),
    ),
    flow.AWARDED: (
        _("Your suggestion is awarded"),
        _("%(item)s (%(number)s): the page says which award."),
    ),
}


def register() -> None:
    """Register once, when the application is ready."""
    flow.register()
    tasks.register()
    register_case_door(_("Awards of suggestions"), "suggestion_register", reads_register)
    for code, (title, text) in _TEXTS.items():
        register_message(code, title, text)
