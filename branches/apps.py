"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BranchesConfig(AppConfig):
    """Party branches and their activities."""

    name = "branches"
    label = "branches"
    verbose_name = _("Party building")
    address_prefix = "branch-life/"

    def ready(self) -> None:
        """Register the section and its demo texts."""
        from branches import archive_scope, signals
        from branches.activities import registration as activities
        from branches.demo import parts as demo_parts
        from branches.handbook import registration as handbook
        from branches.members import registration as members
        from branches.organization import registration as organization
        from branches.rules import registration as rules
        from branches.safety import registration as safety
        from branches.sections import register
        from branches.year import registration as year

        register()
        signals.connect()
        demo_parts.register()
        archive_scope.register()
        year.register()
        members.register()
        organization.register()
        activities.register()
        safety.register()
        rules.register()
        handbook.register()
