"""What the steps of an opinion do besides moving the case."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases import numbers
from portal.cases.flow import Context, Effect
from portal.cases.models import Case, Rating
from portal.cases.permissions import concerned, holders, without_concerned
from portal.notifications.services import Recipient, notify
from portal.organizations.models import Unit
from portal.people.models import User
from portal.roles.models import RoleAssignment
from union.models import Direction, OpinionHelp, OpinionMessage, OpinionReply
from union.opinions import limits

TO_HANDLE, TO_REVIEW, DRAFT_RETURNED = "opinion-to-handle", "opinion-to-review", "opinion-returned"
HELP_ASKED, HELP_GIVEN = "opinion-help-asked", "opinion-help-given"
HANDLERS = "opinion_handler"


def _number(context: Context) -> None:
    context.case.number = numbers.next_number(context.case.table.prefix, context.today)


def _rate(context: Context) -> None:
    Rating.objects.create(
        case=context.case,
        level=context.values["level"],
        words=context.values.get("words", ""),
        given_at=context.now,
        changed_at=context.now,
    )


def _to_next_level(context: Context) -> None:
    context.subject.level += 1
    context.subject.save(update_fields=["level"])


def handlers_of(unit: Unit, case: Case) -> list[User]:
    """Return the open accounts that handle opinions for a unit today and may read this one.

    Neither who sent it nor who works in the unit it is about is told of it.
    """
    rows = RoleAssignment.objects.filter(role_code=HANDLERS).active_on().select_related("unit")
    people = {row.person_id for row in rows if row.covers(unit)}
    return without_concerned(case, people - concerned(case))


def _tell(code: str, context: Context, users: Iterable[User], url: str = "", key: str = "") -> None:
    case = context.case
    notify(
        code,
        [Recipient(user=user) for user in users if user != context.user],
        {"item": case.item, "number": case.number},
        event_key=f"{code}:{case.pk}:{case.sequence + 1}{key}",
        url=url or reverse("case", args=[case.pk]),
    )


def _ask_unit(context: Context) -> None:
    unit: Unit = context.values["lead_unit"]
    context.case.lead_unit = unit
    context.remembered["lead_unit"] = unit.pk
    _tell(TO_HANDLE, context, handlers_of(unit, context.case))


def _ask_helpers(context: Context) -> None:
    due_on = limits.last_day(limits.HELP, context.today)
    for unit in context.values.get("helpers", []):
        if unit == context.case.lead_unit:
            continue
        row, _created = OpinionHelp.objects.update_or_create(
            opinion=context.subject,
            unit=unit,
            answered_on=None,
            defaults={
                "question": context.values.get("question", ""),
                "asked_by": context.actor,
                "asked_on": context.today,
                "due_on": due_on,
            },
        )
        url = reverse("opinion_help", args=[row.pk])
        _tell(HELP_ASKED, context, handlers_of(unit, context.case), url, f":{unit.pk}")


def _nobody_asked(context: Context) -> None:
    context.case.lead_unit = None


def _keep_reply(context: Context) -> None:
    OpinionReply.objects.update_or_create(
        opinion=context.subject,
        level=context.subject.level,
        defaults={
            "text": context.values["reply"],
            "drafted_by": context.actor,
            "drafted_at": context.now,
        },
    )


def _tell_reviewers(context: Context) -> None:
    roles = {
        role
        for party in context.case.table.parties
        if party.code == "reviewer"
        for role in party.roles
    }
    _tell(TO_REVIEW, context, holders(context.case, roles))


def _answer_released(context: Context) -> None:
    reply = context.subject.replies.get(sent_on=None)
    reply.approved_by, reply.sent_on = context.actor, context.today
    reply.save(update_fields=["approved_by", "sent_on"])
    OpinionMessage.objects.create(
        opinion=context.subject,
        direction=Direction.STAFF,
        body=reply.text,
        day=context.today,
        staff_user=context.actor,
    )


def _draft_back(context: Context) -> None:
    reply = context.subject.replies.filter(sent_on=None).select_related("drafted_by").get()
    _tell(DRAFT_RETURNED, context, [reply.drafted_by])


NUMBER = Effect("number", _("Gives the number."), _number)
RATE = Effect("rate", _("Keeps the rating."), _rate)
TO_NEXT_LEVEL = Effect(
    "next-level", pgettext_lazy("opinion", "Goes to the next level."), _to_next_level
)
ASK_UNIT = Effect(
    "ask-unit", pgettext_lazy("opinion", "Asks the unit and tells its handlers."), _ask_unit
)
ASK_HELPERS = Effect(
    "ask-helpers", pgettext_lazy("opinion", "Asks the helping units to contribute."), _ask_helpers
)
NOBODY_ASKED = Effect(
    "nobody-asked", pgettext_lazy("opinion", "No unit is asked any more."), _nobody_asked
)
KEEP_REPLY = Effect("keep-reply", pgettext_lazy("opinion", "Keeps the draft."), _keep_reply)
TELL_REVIEWERS = Effect(
    "tell-reviewers", pgettext_lazy("opinion", "Tells those who review."), _tell_reviewers
)
ANSWER_RELEASED = Effect(
    "answer-released", pgettext_lazy("opinion", "The sender can read the reply."), _answer_released
)
DRAFT_BACK = Effect("draft-back", pgettext_lazy("opinion", "Tells who drafted it."), _draft_back)
