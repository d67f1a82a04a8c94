"""An opinion becomes a case: named at once, without a name when its batch is released."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from portal.cases import services as cases
from portal.cases.models import Case
from portal.organizations.models import Unit
from portal.people.models import Person, User
from union.models import (
    FaceToFaceDay,
    FeedbackBoxPage,
    Opinion,
    OpinionCategory,
    OpinionChannel,
    OpinionMode,
)
from union.opinions import office_messages, pictures
from union.opinions.flow import FLOW, INTEGRITY_FLOW


@dataclass(frozen=True, repr=False)
class NewOpinion:
    """What was sent or written down.

    Attributes:
        person: who sent it; None for nobody known.
        receipt_mac: of an anonymous sender.
        entered_by: the clerk who wrote it down.
    """

    box: FeedbackBoxPage
    category: OpinionCategory
    text: str
    mode: str
    accused_unit: Unit | None = None
    may_publish: bool = False
    pictures: list[bytes] = field(default_factory=list)
    channel: str = OpinionChannel.ONLINE
    person: Person | None = None
    receipt_mac: bytes | None = None
    entered_by: User | None = None
    face_to_face: FaceToFaceDay | None = None
    received_on: datetime.date | None = None


def flow_of(category: OpinionCategory) -> str:
    """Return the flow by which opinions of a category are handled."""
    return INTEGRITY_FLOW if category.to_discipline else FLOW


def unit_of(box: FeedbackBoxPage) -> Unit:
    """Return the unit that answers for a box; the enterprise without one."""
    return box.get_unit() or Unit.objects.filter(depth=1).order_by("path")[0]


@transaction.atomic
def enter(new: NewOpinion, user: User | None, *, key: uuid.UUID | None = None) -> Case:
    """Make a case of an opinion and hand it in.

    Args:
        user: the sender, or the clerk who wrote it down; None for a sender who stays unknown.
        key: of the form that was sent.

    Raises:
        Refusal: the account may not hand it in.
    """
    case = cases.open_draft(
        flow_of(new.category),
        item=f"{new.box.title}：{new.category.name}"[:100],
        unit=unit_of(new.box),
        applicant=new.person,
    )
    Opinion.objects.create(
        case=case,
        box=new.box,
        category=new.category,
        mode=new.mode,
        channel=new.channel,
        text=new.text,
        accused_unit=new.accused_unit,
        may_publish=new.may_publish,
        received_on=new.received_on or timezone.localdate(),
        receipt_mac=new.receipt_mac,
        entered_by=new.entered_by,
        face_to_face=new.face_to_face,
    )
    pictures.attach(case, new.pictures, user)
    cases.apply(case.pk, "submit", user, {}, key=key, by_receipt=user is None)
    case.refresh_from_db()
    office_messages.tell_new(case)
    return case


def send_named(new: NewOpinion, user: User, *, key: uuid.UUID | None = None) -> Case:
    """Send an opinion with the sender's name, at once.

    Raises:
        ValueError: it has no name or hides it from everybody.
    """
    if new.mode == OpinionMode.ANONYMOUS or new.person is None:
        raise ValueError("Whoever stays unknown sends through the urn.")
    return enter(new, user, key=key)
