"""What surveys add to the admin: drafts, question bank, and words for what is done with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.widgets import ListingButton
from wagtail.snippets.models import register_snippet

from union.models import Survey, SurveyQuestion
from union.surveys.permissions import may_keep_questions, may_run
from union.surveys.viewsets import SurveysGroup


def register() -> None:
    """Register the group; called when Wagtail looks for hooks."""
    register_snippet(SurveysGroup)


@hooks.register("register_snippet_listing_buttons")
def new_version_button(
    snippet: Any, user: Any, next_url: str | None = None
) -> Iterator[ListingButton]:
    """Offer a new version of a question in the list."""
    if isinstance(snippet, SurveyQuestion) and may_keep_questions(user):
        yield ListingButton(
            _("New version"),
            reverse("survey_question_version", args=[snippet.pk]),
            icon_name="copy",
            priority=30,
        )


@hooks.register("before_bulk_action")
def refuse_actions_on_many(request: Any, action: str, objects: Any, view: Any) -> None:
    """Surveys are deleted one by one, by who runs them; the actions on many ask no office.

    Raises:
        PermissionDenied: a survey of an office the account does not run is among them.
    """
    if any(isinstance(one, Survey) and not may_run(request.user, one) for one in objects):
        raise PermissionDenied


@hooks.register("register_log_actions")
def register_survey_actions(actions: Any) -> None:
    """Say what happened to a survey."""
    for action, label, message in (
        ("launch", _("Launch survey"), _("Launched")),
        ("remind", _("Remind"), _("Reminder sent")),
        ("tokens", _("Print tokens"), _("Tokens printed")),
        ("close", _("Close survey"), pgettext_lazy("survey", "Closed")),
    ):
        actions.register_action(f"union.survey.{action}", label, message)
