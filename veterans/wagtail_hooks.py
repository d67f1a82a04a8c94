"""What veterans' support adds to the admin: its standards, and words for its actions in the log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from veterans.standards.viewsets import StandardsGroup


@hooks.register("register_admin_viewset")
def register_standards() -> StandardsGroup:
    """Items and drafts of standards, for the veterans service officer."""
    return StandardsGroup()


@hooks.register("register_log_actions")
def register_standard_actions(actions: Any) -> None:
    """Say what happened to the standard of an item."""
    for action, label, message in (
        ("propose", _("Propose"), _("Proposed for publication")),
        ("publish", _("Publish standard"), _("Put in force")),
        ("copy", _("Copy as new version"), _("Copied from an earlier version")),
    ):
        actions.register_action(f"veterans.standard.{action}", label, message)

    for action, label, message in (
        ("registered", _("Take into the register"), _("Taken into the register")),
        ("register_changed", _("Change the register"), _("Register changed")),
        ("register_left", _("Take out of the register"), _("Taken out of the register")),
        ("register_imported", _("Take over a workbook"), _("Workbook taken over")),
        ("certificate_verified", _("Verify a certificate"), _("Certificate verified")),
        ("representation_added", _("Enter who acts"), _("Who acts was entered")),
        ("representation_verified", _("Verify who acts"), _("Who acts was verified")),
        ("representation_revoked", _("Revoke who acts"), _("Right to act revoked")),
        ("invited", _("Make an invitation"), _("Invitation made")),
        ("invitation_revoked", _("Revoke an invitation"), _("Invitation revoked")),
    ):
        actions.register_action(f"veterans.{action}", label, message)

    @actions.register_action("veterans.standard.return")
    class ReturnFormatter(LogFormatter):
        label = _("Return standard")

        def format_message(self, entry: Any) -> str:
            return gettext("Returned: %(reason)s") % {"reason": entry.data.get("reason", "")}

    @actions.register_action("veterans.standard.end")
    class EndFormatter(LogFormatter):
        label = _("End standard")

        def format_message(self, entry: Any) -> str:
            return gettext("In force until %(day)s, followed by “%(version)s”") % {
                "day": entry.data.get("until", ""),
                "version": entry.data.get("followed_by", ""),
            }
