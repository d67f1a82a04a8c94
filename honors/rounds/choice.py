"""Who stands before the choice of winners, with what judges and ballot said."""

from __future__ import annotations

from honors.models import JUDGED_STATES, Nomination, NominationState, Round, RoundPart
from honors.rounds.scoring import Candidate


def judged(round_: Round) -> list[Nomination]:
    """Return everybody who went before the judges, the best mean first."""
    rows = list(round_.nominations.filter(state__in=JUDGED_STATES).select_related("unit", "person"))
    rows.sort(key=lambda row: (-(row.score_mean or 0), row.pk))
    return rows


def candidates_of(round_: Round) -> list[Candidate]:
    """Return everybody who can still be chosen; who was taken off the list cannot."""
    judges = round_.members.filter(part=RoundPart.JUDGE).count()
    return [
        Candidate(
            row.pk,
            row.subject_name,
            row.score_mean,
            row.ballot_yes or 0,
            judges - row.recused,  # type: ignore[attr-defined]
            row.front_line,
        )
        for row in _with_recusals(round_)
        if row.state != NominationState.EXCLUDED
    ]


def _with_recusals(round_: Round) -> list[Nomination]:
    from django.db.models import Count

    rows = round_.nominations.filter(state__in=JUDGED_STATES)
    return list(rows.annotate(recused=Count("recusals")))
