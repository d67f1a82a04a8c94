"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """People and how they sign in."""

    name = "portal.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        """Connect what follows from signing in; register the system checks."""
        from portal.people import checks, signals

        signals.connect()
        checks.register()
