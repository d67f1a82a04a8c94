"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RolesConfig(AppConfig):
    """Who may do what, where and when."""

    name = "portal.roles"
    label = "roles"
    verbose_name = _("Roles")

    def ready(self) -> None:
        """Register the system checks; follow units that are renamed."""
        from django.db.models.signals import post_save

        from portal.roles import checks, daily_jobs
        from portal.roles.services import follow_unit

        checks.register()
        daily_jobs.register()
        post_save.connect(
            follow_unit, sender="organizations.Unit", dispatch_uid="roles.follow_unit"
        )
