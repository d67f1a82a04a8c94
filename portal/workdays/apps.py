"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkdaysConfig(AppConfig):
    """The working-day calendar of China."""

    name = "portal.workdays"
    label = "workdays"
    verbose_name = _("Working days")

    def ready(self) -> None:
        """Connect what makes every process read a changed calendar again; add the daily job."""
        from portal.roles.daily_jobs import register_daily_job
        from portal.workdays import changes, published

        changes.connect()
        register_daily_job("workdays", published.adopt_new_years)
