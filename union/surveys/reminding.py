"""Reminders: one text for everybody, at most three, and nobody learns who is reminded.

Source: section 2.6 of the facts on surveys. Those who have not answered are told; when they are
fewer than the smallest group, everybody is, so that a reminder says nothing about who gets it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.notifications.services import Recipient, notify
from portal.notifications.settings import hours
from portal.people.models import Person, User
from portal.refusals import NotYours
from union.models import Invitation, Survey, SurveyState
from union.surveys.office_refusals import NotAtThisPoint
from union.surveys.permissions import may_run

REMINDER = "survey-reminder"
INVITATION = "survey-invitation"
MOST_REMINDERS = 3
# So many days before the last one the daily job reminds by itself.
DAYS_BEFORE = (7, 3, 1)


@dataclass(frozen=True)
class Reminding:
    """Whether a reminder can be sent today.

    Attributes:
        left: how many may still be sent.
        reason: why not now; empty when it can.
    """

    left: int
    reason: str = ""


def state_of(survey: Survey, now: datetime.datetime | None = None) -> Reminding:
    """Return whether a reminder can be sent."""
    moment = timezone.localtime(now)
    left = max(0, MOST_REMINDERS - survey.reminders_sent)
    today = moment.date()
    if survey.state != SurveyState.OPEN or not survey.opens_on <= today <= survey.closes_on:
        return Reminding(left, _("Reminders are sent while answers are taken."))
    if not left:
        return Reminding(0, _("Three reminders were sent. There are no more."))
    if survey.reminded_on == today:
        return Reminding(left, _("A reminder was sent today. Please wait until tomorrow."))
    first, last = hours()
    if (first, last) != (0, 0) and not first <= moment.hour < last:
        return Reminding(
            left,
            _("Reminders are sent between %(first)d and %(last)d o'clock.")
            % {"first": first, "last": last},
        )
    return Reminding(left)


@transaction.atomic
def remind(survey_id: int, user: User) -> None:
    """Send the next reminder.

    Raises:
        NotYours: the account does not run the survey.
        NotAtThisPoint: none can be sent now.
    """
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if not may_run(user, survey):
        raise NotYours(_("This survey is run by another office."))
    found = state_of(survey)
    if found.reason:
        raise NotAtThisPoint(found.reason)
    _send(survey)
    log(instance=survey, action="union.survey.remind", user=user)


def _send(survey: Survey) -> None:
    asked = Invitation.objects.filter(survey=survey, person__isnull=False)
    pending = asked.filter(is_done=False)
    if pending.count() < survey.minimum:
        pending = asked
    survey.reminders_sent += 1
    survey.reminded_on = timezone.localdate()
    survey.save(update_fields=["reminders_sent", "reminded_on"])
    _tell(REMINDER, survey, pending, f"survey:{survey.pk}:reminder-{survey.reminders_sent}")


def announce(survey: Survey) -> None:
    """Tell everybody who is invited by name that the survey has begun; part of the launch."""
    asked = Invitation.objects.filter(survey=survey, person__isnull=False)
    _tell(INVITATION, survey, asked, f"survey:{survey.pk}:invitation")


def _tell(code: str, survey: Survey, asked: object, event_key: str) -> None:
    people = Person.objects.filter(
        pk__in=asked.values("person")  # type: ignore[attr-defined]
    ).order_by("pk")
    notify(
        code,
        [Recipient(person=person) for person in people],
        {"title": survey.title, "due_on": survey.closes_on},
        event_key=event_key,
        url=reverse("survey_answer", args=[survey.pk]),
    )


def remind_all() -> str:
    """Send the reminders that are due today; the daily job.

    It runs at night: the portal's own messages and mails wake nobody, and SMS wait for the
    morning.
    """
    today = timezone.localdate()
    count = 0
    for survey in Survey.objects.open().filter(opens_on__lt=today, closes_on__gte=today):
        if (survey.closes_on - today).days not in DAYS_BEFORE:
            continue
        with transaction.atomic():
            locked = Survey.objects.select_for_update().get(pk=survey.pk)
            if (
                locked.state == SurveyState.OPEN
                and locked.reminders_sent < MOST_REMINDERS
                and locked.reminded_on != today
            ):
                _send(locked)
                count += 1
    return f"{count} surveys reminded of"
