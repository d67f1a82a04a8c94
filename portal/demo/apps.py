"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The demo world."""

    name = "portal.demo"
    label = "demo"
    verbose_name = _("Demo")

    def ready(self) -> None:
        """Register the demo texts that belong to no subject."""
        from portal.demo import deliveries, parts

        parts.register()
        deliveries.register()
