"""What is written to the log about cases."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

LOG_ACTIONS = (
    ("cases.relative_declared", _("Declare a relative"), _("Relative declared")),
    ("cases.relative_ended", _("End the declaration"), _("Declaration of a relative ended")),
    ("cases.list_exported", _("This list as Excel"), _("List of cases exported")),
)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Add the actions of the case desk."""
    for code, label, message in LOG_ACTIONS:
        actions.register_action(code, label, message)
