"""What judges write: score sheets, and that they stand aside; what becomes of it at the end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from honors.models import (
    JUDGED_STATES,
    JudgeRecusal,
    Nomination,
    NominationState,
    Round,
    RoundMember,
    RoundPart,
    ScoreSheet,
)
from honors.rounds.scoring import Spread, spread, total
from honors.rounds.terms import Terms, terms_of
from portal.cases.kin import relatives_of
from portal.cases.services import locked
from portal.people.models import User
from portal.refusals import NotPossible, NotYours, TooLate

HALF = Decimal("0.5")


def judge_of(user: Any, round_: Round) -> RoundMember | None:
    """Return the account's seat among the judges of a round; None without one."""
    person_id = getattr(user, "person_id", None)
    if person_id is None:
        return None
    rows = round_.members.filter(part=RoundPart.JUDGE, person=person_id)
    return rows.select_related("person").first()


def is_related(judge: RoundMember, nomination: Nomination) -> bool:
    """Whether the judge is the nominee, answers for it, or is a relative of the one who does."""
    person_id = nomination.person_id
    if person_id is None:
        return False
    return (
        judge.person_id == person_id or relatives_of(judge.person_id).filter(pk=person_id).exists()
    )


def kin_of(judge: RoundMember) -> set[int]:
    """Return the keys of the judge and of everybody the judge is related to, by one query."""
    return {judge.person_id, *relatives_of(judge.person_id).values_list("pk", flat=True)}


def _open(nomination_id: int, user: User) -> tuple[Nomination, RoundMember]:
    """Lock the round of a nomination and return it with the judge's seat.

    Raises:
        NotYours: the account is no judge of the round.
        TooLate: the judges do not have it now.
    """
    given = Nomination.objects.get(pk=nomination_id)
    case = locked(uuid.UUID(str(given.round_id)))
    nomination = Nomination.objects.select_related("round").get(pk=nomination_id)
    judge = judge_of(user, nomination.round)
    if judge is None:
        raise NotYours(_("Only the judges of this round score."))
    if case.state != "judging" or nomination.state != NominationState.ELIGIBLE:
        raise TooLate(_("This nomination is not before the judges now."))
    return nomination, judge


def clean_points(values: Sequence[Any], terms: Terms) -> list[Decimal]:
    """Return the points of a sheet.

    Raises:
        ValidationError: not one number for each line, out of range, or finer than half a point.
    """
    if len(values) != len(terms.lines):
        raise ValidationError(_("Please score every line."))
    points = []
    for value, line in zip(values, terms.lines, strict=True):
        if value is None or not Decimal(0) <= value <= line.points or value % HALF:
            raise ValidationError(
                _("“%(line)s” takes 0 to %(most)d points in steps of half a point.")
                % {"line": line.name, "most": line.points}
            )
        points.append(Decimal(value))
    return points


@transaction.atomic
def score(
    nomination_id: int, user: User, values: Sequence[Decimal | None], remark: str = ""
) -> ScoreSheet:
    """Keep a judge's sheet; until judging ends it can be written anew.

    Raises:
        NotYours, TooLate: see `_open`.
        NotPossible: the judge is a relative, or stood aside.
        ValidationError: see `clean_points`.
    """
    nomination, judge = _open(nomination_id, user)
    if is_related(judge, nomination):
        JudgeRecusal.objects.get_or_create(
            nomination=nomination, judge=judge, defaults={"found": True, "at": timezone.now()}
        )
    if JudgeRecusal.objects.filter(nomination=nomination, judge=judge).exists():
        raise NotPossible(
            _("You stand aside for %(name)s, so you do not score this nomination.")
            % {"name": nomination.subject_name}
        )
    terms = terms_of(nomination.round.terms)
    points = clean_points(values, terms)
    sheet, _created = ScoreSheet.objects.update_or_create(
        nomination=nomination,
        judge=judge,
        defaults={
            "points": [str(value) for value in points],
            "total": total(points, terms.most_points),
            "remark": remark.strip(),
            "given_at": timezone.now(),
        },
    )
    return sheet


@transaction.atomic
def stand_aside(nomination_id: int, user: User, words: str) -> JudgeRecusal:
    """Let a judge stand aside for one nominee; a sheet that was written before is taken out.

    Raises:
        NotYours, TooLate: see `_open`.
        ValidationError: no reason.
    """
    if not words.strip():
        raise ValidationError({"words": _("Please say why.")})
    nomination, judge = _open(nomination_id, user)
    ScoreSheet.objects.filter(nomination=nomination, judge=judge).delete()
    row, _created = JudgeRecusal.objects.get_or_create(
        nomination=nomination,
        judge=judge,
        defaults={"found": is_related(judge, nomination), "words": words.strip()},
    )
    return row


def recuse_relatives(round_: Round) -> int:
    """Write down which judges are relatives of which nominees; return how many there are."""
    found = 0
    judges = list(round_.members.filter(part=RoundPart.JUDGE))
    nominations = list(round_.nominations.filter(state__in=JUDGED_STATES))
    for judge in judges:
        kin = kin_of(judge)
        for nomination in nominations:
            if nomination.person_id in kin:
                _row, made = JudgeRecusal.objects.get_or_create(
                    nomination=nomination,
                    judge=judge,
                    defaults={"found": True, "at": timezone.now()},
                )
                found += made
    return found


def spread_of(nomination: Nomination) -> Spread | None:
    """Return what the sheets of a nomination come to; those of recused judges do not count."""
    recused = nomination.recusals.values("judge")
    sheets = nomination.sheets.exclude(judge__in=recused)
    return spread(list(sheets.values_list("total", flat=True)))


def freeze_scores(round_: Round) -> None:
    """Write mean, extremes and spread into the nominations, once judging ends."""
    for nomination in round_.nominations.filter(state=NominationState.ELIGIBLE):
        found = spread_of(nomination)
        if found is None:
            continue
        nomination.score_mean, nomination.score_spread = found.mean, found.deviation
        nomination.score_least, nomination.score_most = found.least, found.most
        nomination.save(update_fields=["score_mean", "score_spread", "score_least", "score_most"])
