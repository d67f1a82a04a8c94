"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Messages in the portal, by e-mail and by SMS."""

    name = "portal.notifications"
    label = "notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        """Register the checks, the daily job and the task of the system administrator."""
        from portal.notifications import checks, delivery, personal_data
        from portal.notifications.tasks import dead_letters
        from portal.roles.daily_jobs import register_daily_job
        from portal.workspace.tasks import register_tasks

        checks.register()
        personal_data.register()
        register_daily_job("notifications", delivery.tidy)
        register_tasks("undelivered", dead_letters)
