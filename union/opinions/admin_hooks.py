"""Words for what is written to the log about opinions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

LOG_ACTIONS = (
    ("union.limit_announced", _("Announce another limit"), _("Time limit of opinions announced")),
    ("union.figures_exported", _("Download as Excel"), _("Figures of opinions exported")),
)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Add the actions of the opinion office."""
    for code, label, message in LOG_ACTIONS:
        actions.register_action(code, label, message)
