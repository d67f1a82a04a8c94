"""Messages between the sender of an opinion and the office."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases import services as cases
from portal.cases.flow import PartyKind
from portal.cases.models import Case
from portal.cases.permissions import is_party, must_stand_aside
from portal.cases.refusals import ConditionNotMet, NotYourTurn
from portal.notifications.services import Recipient, notify
from portal.organizations.models import Unit
from portal.people.models import User
from union.models import Opinion, OpinionMessage
from union.models.opinions import Direction
from union.opinions import office_messages

ASKED = "opinion-asked"


def unit_or_none(key: int | None) -> Unit | None:
    """Return a unit by its key; None for none, or one that is gone."""
    return Unit.objects.filter(pk=key).first() if key else None


@transaction.atomic
def write_as_sender(opinion: Opinion, body: str, *, late: bool = False) -> OpinionMessage:
    """Keep what the sender wrote, with the day alone, and tell the office.

    Args:
        late: it waited for its delivery, so it is kept even if the matter has ended meanwhile.

    Raises:
        ConditionNotMet: the case is closed.
    """
    case = cases.locked(opinion.pk)
    if case.standing.final and not late:
        raise ConditionNotMet(_("This matter is finished."))
    message = OpinionMessage.objects.create(
        opinion=opinion, direction=Direction.SENDER, body=body, day=timezone.localdate()
    )
    office_messages.tell_written(case, opinion.messages.count())
    return message


def writes_to_sender(user: User, case: Case) -> bool:
    """Whether the account is of the office that received the opinion, and need not stand aside."""
    if must_stand_aside(user, case):
        return False
    return any(
        row.kind is PartyKind.ROLE and not row.of_lead_unit and is_party(user, case, row)
        for row in case.table.parties
    )


@transaction.atomic
def write_as_staff(case_id: uuid.UUID, user: User, body: str) -> OpinionMessage:
    """Ask or tell the sender something; who reads by receipt finds it at the next look.

    The asked unit does not write to senders: what it says goes out as a reply that was reviewed.

    Raises:
        NotYourTurn: the account is not of the office that received the opinion.
        ConditionNotMet: the case is closed.
    """
    case = cases.locked(case_id)
    if not writes_to_sender(user, case):
        raise NotYourTurn(_("The office that received the opinion writes to the sender."))
    if case.standing.final:
        raise ConditionNotMet(_("This matter is finished."))
    opinion = Opinion.objects.get(pk=case.pk)
    message = OpinionMessage.objects.create(
        opinion=opinion,
        direction=Direction.STAFF,
        body=body,
        day=timezone.localdate(),
        staff_user=user,
    )
    if case.applicant is not None:
        notify(
            ASKED,
            [Recipient(person=case.applicant)],
            {"number": case.number},
            event_key=f"{ASKED}:{message.pk}",
            url=f"/cases/{case.pk}/",
        )
    return message
