"""Who is told what: the applicant of every step that says so, the office when time runs out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.cases.flow import Context
from portal.cases.models import Case, CaseEvent, ExtensionRequest
from portal.cases.permissions import holders
from portal.notifications.messages import NEWS_TEMPLATE, register_message
from portal.notifications.services import Recipient, notify
from portal.notifications.variables import Kind, declare_variable
from portal.people.models import User

EXTENDED, REMINDER = "case-extended", "case-reminder"
APPLICANT_REMINDER = "case-applicant-reminder"
EXTENSION_ASKED, EXTENSION_DECIDED = "case-extension-asked", "case-extension-decided"
NEW_CODE, ORDER_ANSWERED = "case-new-code", "case-order-answered"
CONSENT_WITHDRAWN = "case-consent-withdrawn"


def applicants(case: Case) -> list[Recipient]:
    """Return who is told about a case: who applied, for whom, and who acts for them.

    An address that was given with the matter goes before the one the portal knows.
    """
    contacts = list(case.table.contacts(case)) if case.table.contacts is not None else []
    people = [person for person in (case.applicant, case.beneficiary) if person]
    if case.table.representatives is not None:
        people += case.table.representatives.people(case)
    return contacts + [Recipient(person=person) for person in dict.fromkeys(people)]


def _variables(case: Case) -> dict[str, Any]:
    return {"item": case.item, "number": case.number}


def tell(context: Context, event: CaseEvent) -> None:
    """Tell the applicant of a step, through the outbox of the same transaction."""
    if not context.transition.message:
        return
    case = context.case
    notify(
        context.transition.message,
        applicants(case),
        _variables(case),
        event_key=f"case:{case.pk}:{event.sequence}",
        url=reverse("case", args=[case.pk]),
    )


def tell_extension(case: Case, event: CaseEvent) -> None:
    """Tell the applicant that the time limit was extended."""
    notify(
        EXTENDED,
        applicants(case),
        {**_variables(case), "due_on": case.due_on or timezone.localdate()},
        event_key=f"case:{case.pk}:{event.sequence}",
        url=reverse("case", args=[case.pk]),
    )


def _tell_office(code: str, case: Case, users: Iterable[User], event: CaseEvent) -> None:
    notify(
        code,
        [Recipient(user=user) for user in users],
        _variables(case),
        event_key=f"{code}:{case.pk}:{event.sequence}",
        url=reverse("case", args=[case.pk]),
    )


def ask_for_extension(case: Case, event: CaseEvent) -> None:
    """Tell those who lead that somebody asks for more time."""
    leaders = [user for user in holders(case, case.table.leaders) if user != event.actor]
    _tell_office(EXTENSION_ASKED, case, leaders, event)


def tell_decision(case: Case, request: ExtensionRequest, event: CaseEvent) -> None:
    """Tell who asked for more time that it was decided."""
    _tell_office(EXTENSION_DECIDED, case, [request.asked_by], event)


def tell_answer(case: Case, event: CaseEvent) -> None:
    """Tell those who lead and audit that an order was answered."""
    readers = holders(case, (*case.table.leaders, *case.table.readers))
    _tell_office(ORDER_ANSWERED, case, [user for user in readers if user != event.actor], event)


def tell_withdrawn_consent(case: Case, users: Iterable[User], event: CaseEvent) -> None:
    """Tell the office that the consent of a running case was withdrawn."""
    _tell_office(CONSENT_WITHDRAWN, case, users, event)


def tell_new_code(case: Case, event: CaseEvent) -> None:
    """Tell everybody who may act for the applicant that the old code opens nothing any more."""
    notify(
        NEW_CODE,
        applicants(case),
        {"number": case.number},
        event_key=f"case:{case.pk}:{event.sequence}",
        url=reverse("case", args=[case.pk]),
    )


def remind(case: Case, users: Iterable[User], level: Any, key: str) -> None:
    """Remind staff of a case whose time runs out."""
    notify(
        REMINDER,
        [Recipient(user=user) for user in users],
        {**_variables(case), "level": str(level)},
        event_key=key,
        url=reverse("case", args=[case.pk]),
    )


def remind_applicant(case: Case, due_on: datetime.date | None, key: str) -> None:
    """Remind the applicant of the last day to do something; the message says no matter."""
    notify(
        APPLICANT_REMINDER,
        applicants(case),
        {"number": case.number, "due_on": due_on or timezone.localdate()},
        event_key=key,
        url=reverse("case", args=[case.pk]),
    )


def register() -> None:
    """Register the messages that every flow shares."""
    declare_variable("level", Kind.TEXT, "how urgent a case has become")
    register_message(
        EXTENDED,
        _("More time is needed"),
        _(
            "%(item)s (%(number)s): the office needs more time, until %(due_on)s. The reason is on"
            " the page of the case."
        ),
        NEWS_TEMPLATE,
        sensitive=True,
    )
    register_message(
        REMINDER,
        _("A case waits"),
        _("%(item)s (%(number)s): %(level)s."),
    )
    register_message(
        EXTENSION_ASKED,
        _("More time is asked for"),
        _("%(item)s (%(number)s): please decide whether the time limit is extended."),
    )
    register_message(
        EXTENSION_DECIDED,
        _("It was decided on more time"),
        _("%(item)s (%(number)s): the page of the case says how."),
    )
    register_message(
        ORDER_ANSWERED,
        _("A supervision order was answered"),
        _("%(item)s (%(number)s): the answer stands on the page of supervision."),
    )
    register_message(
        CONSENT_WITHDRAWN,
        _("A consent was withdrawn"),
        _(
            "%(item)s (%(number)s): please talk to the applicant before anything else is done with"
            " the data."
        ),
    )
    register_message(
        NEW_CODE,
        _("A new tracking code was made"),
        _(
            "Case %(number)s has a new tracking code; the old one opens nothing any more. If you"
            " do not know of it, please call us."
        ),
        NEWS_TEMPLATE,
    )
    register_message(
        APPLICANT_REMINDER,
        _("Please do not forget"),
        _(
            "Case %(number)s waits for you until %(due_on)s. Without it the case ends. The page of"
            " the case says what is missing."
        ),
        NEWS_TEMPLATE,
        sensitive=True,
    )
