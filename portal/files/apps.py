"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Private uploads."""

    name = "portal.files"
    label = "files"
    verbose_name = _("Private files")

    def ready(self) -> None:
        """Register the renewal of keys, the daily sweep and the checks."""
        from portal.files import checks, keys, services
        from portal.personal_data.rotation import register_renewal
        from portal.roles.daily_jobs import register_daily_job

        checks.register()
        register_renewal("keys of private files", keys.renew)
        register_daily_job("private files", services.sweep_job)
