"""Words for the actions of branches in the log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def register_branch_actions(actions: Any) -> None:
    """Say what happened to the roster."""
    actions.register_action(
        "branches.roster_imported", _("Take over a workbook"), _("Workbook taken over")
    )
    actions.register_action(
        "branches.hours_removed", _("Take training hours out"), _("Training hours taken out")
    )
    actions.register_action("branches.rule_changed", _("Change a rule"), _("Rule changed"))
    actions.register_action("branches.term_extended", _("Extend a term"), _("Term extended"))
