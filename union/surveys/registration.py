"""What surveys add to the portal when it starts."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from portal.anonymous_requests import register_anonymous_prefix
from portal.notifications.messages import register_message
from portal.roles.daily_jobs import register_daily_job
from portal.workspace.tasks import register_tasks
from union.surveys import guards, reminding
from union.surveys.reading import waiting_surveys

ANONYMOUS_PREFIX = "/participation/surveys/token/"


def register(sender: Any) -> None:
    """Register once, when the application is ready."""
    register_message(
        reminding.INVITATION,
        _("A survey asks for your answers"),
        _("“%(title)s” takes answers until %(due_on)s. It takes about ten minutes."),
    )
    register_message(
        reminding.REMINDER,
        _("A survey still takes answers"),
        _(
            "“%(title)s” takes answers until %(due_on)s. Whoever has answered already: thank you,"
            " there is nothing more to do."
        ),
    )
    register_tasks("surveys", waiting_surveys)
    register_daily_job("survey-reminders", reminding.remind_all)
    register_anonymous_prefix(ANONYMOUS_PREFIX)
    guards.register()
    pre_migrate.connect(guards.remove_before_migrate, sender=sender)
    post_migrate.connect(guards.install_after_migrate, sender=sender)
