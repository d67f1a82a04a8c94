"""What surveys add to the portal when it starts."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_migrate, pre_delete, pre_migrate
from django.utils.translation import gettext_lazy as _

from portal.anonymous_requests import register_anonymous_prefix
from portal.notifications.messages import register_message
from portal.roles.daily_jobs import register_daily_job
from portal.workspace.tasks import register_tasks
from union.models import Survey, SurveyQuestion
from union.surveys import guards, published, reminding
from union.surveys.office_refusals import NotAtThisPoint
from union.surveys.reading import waiting_surveys

ANONYMOUS_PREFIX = "/participation/surveys/token/"


def keep_what_was_asked(sender: Any, instance: Any, **_arguments: Any) -> None:
    """Receiver of `pre_delete`: by whatever way, what people were asked is not deleted.

    Raises:
        NotAtThisPoint: the survey was launched, or the question was asked in one.
    """
    asked = instance.is_bound if isinstance(instance, SurveyQuestion) else not instance.is_draft
    if asked:
        raise NotAtThisPoint(_("“%(what)s” was asked and is kept.") % {"what": instance})


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
    published.register()
    register_daily_job("survey-reminders", reminding.remind_all)
    register_anonymous_prefix(ANONYMOUS_PREFIX)
    guards.register()
    for model in (Survey, SurveyQuestion):
        pre_delete.connect(keep_what_was_asked, sender=model)
    pre_migrate.connect(guards.remove_before_migrate, sender=sender)
    post_migrate.connect(guards.install_after_migrate, sender=sender)
