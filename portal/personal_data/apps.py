"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PersonalDataConfig(AppConfig):
    """Sensitive fields at rest."""

    name = "portal.personal_data"
    label = "personal_data"
    verbose_name = _("Personal data")

    def ready(self) -> None:
        """Register checks, fields, exports, parts of my data, retention and the daily job."""
        from django.db.models.signals import post_migrate

        from portal.personal_data import (
            checks,
            my_data,
            own_fields,
            people_export,
            retention,
            tasks,
        )
        from portal.roles.daily_jobs import register_daily_job

        checks.register()
        own_fields.register()
        people_export.register()
        my_data.register_own()
        retention.register_own()
        tasks.register()
        register_daily_job("retention", retention.retention_job)
        post_migrate.connect(
            retention.synchronize_rules,
            sender=self,
            dispatch_uid="personal_data.synchronize_rules",
        )
