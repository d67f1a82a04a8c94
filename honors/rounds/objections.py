"""Objections to a list: the investigation (异议核查), and what its answer does to the round."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from honors.models import Investigation, Nomination, Round
from honors.rounds.permissions import office_reads
from honors.rounds.states import FLOW
from portal.cases import services as cases
from portal.cases.models import Case
from portal.people.models import User
from portal.public_notices.models import Objection, ObjectionState, PublicNotice
from portal.public_notices.permissions import may_answer
from portal.public_notices.services import open_objections, register_notice_owner
from portal.refusals import NotPossible, NotYours, TooLate


def _lock(case_id: str) -> None:
    cases.locked(uuid.UUID(case_id))


def _over(notice: PublicNotice) -> None:
    case_id = uuid.UUID(notice.owner_id)
    if Case.objects.get(pk=case_id).state == "on_notice":
        cases.apply(case_id, "notice_over", None)


def _objected(objection: Objection) -> None:
    case_id = uuid.UUID(objection.notice.owner_id)
    if Case.objects.get(pk=case_id).state == "on_notice":
        cases.apply(case_id, "objected", None)


def _answered(objection: Objection) -> None:
    """Let the round follow an answer; nothing is answered before it was looked into.

    Raises:
        NotPossible: no investigation, or its result contradicts the answer.
    """
    found = Investigation.objects.filter(objection=objection).first()
    if found is None:
        raise NotPossible(
            _("Please write down first what the investigation found, on the page of the round.")
        )
    upheld = objection.state == ObjectionState.UPHELD
    if upheld is not found.affects:
        raise NotPossible(
            _(
                "The answer and the result of the investigation contradict each other. Please"
                " correct one of them."
            )
        )
    case = Case.objects.get(pk=uuid.UUID(objection.notice.owner_id))
    if upheld:
        cases.apply(case.pk, "uphold", None)
    elif case.state == "objected" and not open_objections(FLOW, str(case.pk)).exists():
        cases.apply(case.pk, "go_on", None)


def register() -> None:
    """Register rounds as owners of public notices."""
    register_notice_owner(
        FLOW,
        _over,
        _objected,
        on_answer=_answered,
        lock=_lock,
        investigation=lambda objection: reverse("honor_investigation", args=[objection.pk]),
    )


def may_investigate(user: Any, objection: Objection, round_: Round) -> bool:
    """Whether the account writes down the investigation: who may answer, and reads the round."""
    return may_answer(user, objection) and office_reads(user, round_)


@transaction.atomic
def investigate(
    objection_id: uuid.UUID,
    user: User,
    *,
    investigators: str,
    findings: str,
    affects: bool,
    nomination: Nomination | None,
) -> Investigation:
    """Write down what was found out; until the objection is answered it may be changed.

    Raises:
        NotYours: the account may not answer this objection.
        TooLate: it is answered.
        NotPossible: it says that a nomination falls, but not which.
    """
    given = Objection.objects.select_related("notice").get(pk=objection_id)
    case = cases.locked(uuid.UUID(given.notice.owner_id))
    objection = Objection.objects.select_related("notice").get(pk=objection_id)
    round_ = Round.objects.select_related("case__unit").get(pk=case.pk)
    if not may_investigate(user, objection, round_):
        raise NotYours(
            _("Whoever drafted or approved the notice, objected or is named looks into nothing.")
        )
    if not objection.is_open:
        raise TooLate(_("This objection is answered already."))
    if affects and (nomination is None or nomination.round_id != round_.pk):
        raise NotPossible(_("Please say which nomination falls."))
    row, _created = Investigation.objects.update_or_create(
        objection=objection,
        defaults={
            "round": round_,
            "nomination": nomination,
            "investigators": investigators.strip(),
            "findings": findings.strip(),
            "affects": affects,
            "concluded_by": user,
            "concluded_at": timezone.now(),
        },
    )
    return row
