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
        """Register the system checks."""
        from portal.roles import checks

        checks.register()
