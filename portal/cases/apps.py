"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """The machine under every case."""

    name = "portal.cases"
    label = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        """Register source, messages, owner of files, tasks and daily job."""
        from portal.cases import (
            archive_source,
            attempts,
            calls,
            drafts,
            messages,
            ownership,
            personal_data,
            submissions,
            supervision,
            tasks,
            withdrawn_consents,
        )
        from portal.cases.deadlines import follow_calendar
        from portal.workdays.changes import on_calendar_change

        archive_source.register()
        attempts.register()
        calls.register()
        drafts.register()
        messages.register()
        ownership.register()
        personal_data.register()
        submissions.register()
        supervision.register()
        tasks.register()
        withdrawn_consents.register()
        on_calendar_change("cases", follow_calendar)
