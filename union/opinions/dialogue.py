"""Messages between the sender of an opinion and the office."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases import services as cases
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


@transaction.atomic
def write_as_staff(case_id: uuid.UUID, user: User, body: str) -> OpinionMessage:
    """Ask or tell the sender something; who reads by receipt finds it at the next look.

    Raises:
        NotYourTurn: the account has no part in the case.
        ConditionNotMet: the case is closed.
    """
    from portal.cases.flow import PartyKind
    from portal.cases.permissions import is_party, must_stand_aside

    case = cases.locked(case_id)
    parties = [row for row in case.table.parties if row.kind is PartyKind.ROLE]
    if must_stand_aside(user, case) or not any(is_party(user, case, row) for row in parties):
        raise NotYourTurn(_("Only those who work on this opinion write to the sender."))
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
