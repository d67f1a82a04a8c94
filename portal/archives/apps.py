"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchivesConfig(AppConfig):
    """Records, ledger and renditions."""

    name = "portal.archives"
    label = "archives"
    verbose_name = _("Archives")

    def ready(self) -> None:
        """Register the system checks."""
        from portal.archives import checks

        checks.register()
