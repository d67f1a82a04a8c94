"""Opinions of departments (征求意见) and the examination by the office (资格审核)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from honors.models import (
    CONSULTED,
    DepartmentOpinion,
    Nomination,
    NominationState,
    RoundPart,
    Verdict,
)
from honors.rounds import messages
from honors.rounds.effects import step
from honors.rounds.nominating import subject_of
from honors.rounds.permissions import office_acts, seats_of
from honors.rounds.terms import terms_of
from portal.cases.kin import relatives_of
from portal.cases.models import Case
from portal.cases.services import locked
from portal.evidence import ruled_out
from portal.people.models import User
from portal.refusals import NotPossible, NotYours, TooLate

OPINION_STATES = ("nominating", "examining")
ELIGIBLE, INELIGIBLE, RETURNED = (
    NominationState.ELIGIBLE,
    NominationState.INELIGIBLE,
    NominationState.RETURNED,
)
EXAMINABLE = (NominationState.RECOMMENDED, ELIGIBLE, INELIGIBLE)


def _locked(nomination_id: int) -> tuple[Case, Nomination]:
    given = Nomination.objects.get(pk=nomination_id)
    case = locked(uuid.UUID(str(given.round_id)))
    rows = Nomination.objects.select_related(
        "round__title", "round__case__unit", "person", "unit", "branch", "nominated_by"
    )
    return case, rows.get(pk=nomination_id)


@transaction.atomic
def give_opinion(
    nomination_id: int, user: User, part: str, verdict: str, words: str
) -> DepartmentOpinion:
    """Write down what a department says of a nominee; until judging begins it may be changed.

    Raises:
        NotYours: the account does not speak for the department, or is a relative.
        TooLate: opinions are not asked for now.
        NotPossible: a reservation without words.
    """
    case, nomination = _locked(nomination_id)
    if part not in CONSULTED or part not in {
        seat.part for seat in seats_of(user, nomination.round)
    }:
        raise NotYours(_("You do not speak for this department in this round."))
    if nomination.person_id is not None and (
        nomination.person_id == user.person_id
        or relatives_of(user.person_id or 0).filter(pk=nomination.person_id).exists()
    ):
        raise NotYours(_("The nominee is you or a relative. A colleague has to speak here."))
    if case.state not in OPINION_STATES or nomination.state not in (*EXAMINABLE, RETURNED):
        raise TooLate(_("Opinions on this nominee are not asked for now."))
    if verdict != Verdict.AGREED and not words.strip():
        raise NotPossible(_("Please say why the department has reservations or is against it."))
    opinion, _created = DepartmentOpinion.objects.update_or_create(
        nomination=nomination,
        part=part,
        defaults={
            "verdict": verdict,
            "words": words.strip(),
            "given_by": user,
            "given_at": timezone.now(),
        },
    )
    return opinion


def discipline_is_against(nomination: Nomination) -> bool:
    """Whether discipline inspection spoke against the nominee; then nobody passes."""
    return nomination.opinions.filter(part=RoundPart.DISCIPLINE, verdict=Verdict.AGAINST).exists()


@transaction.atomic
def examine(nomination_id: int, user: User, values: Mapping[str, Any]) -> Nomination:
    """Write down what the office found: eligible, not eligible, or back for correction.

    Args:
        values: `decision`, `criteria` and `vetoes` (places of the lines that are met, and of the
            vetoes that apply), `reason`.

    Raises:
        NotYours: the account does not examine, or has to stand aside.
        TooLate: the round is not being examined.
        NotPossible: eligible with a condition that is not met or a veto that applies; another
            decision without a reason.
    """
    case, nomination = _locked(nomination_id)
    if not office_acts(user, nomination.round):
        raise NotYours(_("Nominations are examined by the Party affairs department."))
    if case.state != "examining" or nomination.state not in EXAMINABLE:
        raise TooLate(_("This nomination cannot be examined now."))
    decision, reason = values["decision"], str(values.get("reason", "")).strip()
    if decision == ELIGIBLE:
        _refuse_unfit(nomination, values)
    elif not reason:
        raise NotPossible(_("Please say why. Whoever nominated reads it."))
    step(
        nomination,
        decision,
        user,
        reason,
        reason="" if decision == ELIGIBLE else reason,
        examined={
            "criteria": sorted(values["criteria"]),
            "vetoes": sorted(values["vetoes"]),
        },
        examined_by=user,
        examined_at=timezone.now(),
    )
    if decision == RETURNED:
        messages.tell_returned(nomination)
    return nomination


def _refuse_unfit(nomination: Nomination, values: Mapping[str, Any]) -> None:
    terms = terms_of(nomination.round.terms)
    missing = [
        row.text for place, row in enumerate(terms.criteria) if place not in values["criteria"]
    ]
    if missing:
        raise NotPossible(
            _("Not every condition is met: %(conditions)s.") % {"conditions": "；".join(missing)}
        )
    raised = [row.text for place, row in enumerate(terms.vetoes) if place in values["vetoes"]]
    checks = [row.check for row in terms.vetoes if row.check]
    raised += [str(row.words) for row in ruled_out(subject_of(nomination), checks)]
    if discipline_is_against(nomination):
        raised.append(_("discipline inspection is against it"))
    if raised:
        raise NotPossible(_("This rules the nominee out: %(what)s.") % {"what": "；".join(raised)})
