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
        """Connect what follows from signing in; register checks and renewal of secrets."""
        from portal.people import authentication, checks, shared_computers, signals
        from portal.personal_data.rotation import register_renewal

        signals.connect()
        shared_computers.connect()
        checks.register()
        register_renewal("second factors", authentication.renew_secrets)
