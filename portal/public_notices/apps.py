"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicNoticesConfig(AppConfig):
    """Public notices and objections to them."""

    name = "portal.public_notices"
    label = "public_notices"
    verbose_name = _("Public notices")

    def ready(self) -> None:
        """Register section, archive rules, the daily end, and what follows the calendar."""
        from portal.public_notices import archive_scope, demo, messages, personal_data, sections
        from portal.public_notices.ending import end_due_notices
        from portal.public_notices.reckoning import follow_calendar
        from portal.public_notices.tasks import objection_tasks
        from portal.roles.daily_jobs import register_daily_job
        from portal.workdays.changes import on_calendar_change
        from portal.workspace.tasks import register_tasks

        sections.register()
        archive_scope.register()
        demo.register()
        messages.register()
        personal_data.register()
        register_daily_job("public-notices", end_due_notices)
        register_tasks("objections", objection_tasks)
        on_calendar_change("public-notices", follow_calendar)
