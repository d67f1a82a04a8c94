"""The figures of a session: filing, replies in time, satisfaction, by category and by unit.

Received = withdrawn + pending + filed + merged + turned + not filed, in every line. Shares are
percent with one decimal, rounded half up; a share of nothing is None.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Prefetch

from portal.cases.models import CaseClock, Satisfaction
from union.models import CongressSession, Proposal, ProposalRating, ProposalUnit
from union.proposals.supporters import supporter_counts

FILED_STATES = ("filed", "handling", "replied", "answered", "closed")
PENDING_STATES = ("collecting", "review", "examined")
ANSWERED_STATES = ("answered", "closed")
# Source: 国办发〔2019〕51号: the last two of the five levels count as bad.
SATISFIED = Satisfaction.FAIRLY_SATISFIED


@dataclass(frozen=True)
class Outcome:
    """What the figures ask of one proposal.

    Attributes:
        in_time: whether the reply went out in time; None while there is none.
        level: the last rating of the reply; None without one.
        done_level: the last rating of what was done.
    """

    state: str
    in_time: bool | None = None
    level: int | None = None
    done_level: int | None = None
    second: bool = False


def percent(part: int, whole: int) -> str | None:
    """Return a share in percent with one decimal; None of nothing."""
    if not whole:
        return None
    share = Decimal(part * 100) / Decimal(whole)
    return str(share.quantize(Decimal("0.1"), ROUND_HALF_UP))


def tally(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """Return the figures of some proposals."""
    rows = list(outcomes)

    def count(*states: str) -> int:
        return sum(row.state in states for row in rows)

    replied = [row for row in rows if row.in_time is not None]
    rated = [row.level for row in rows if row.level is not None]
    done = [row.done_level for row in rows if row.done_level is not None]
    in_time = sum(bool(row.in_time) for row in replied)
    satisfied = sum(level >= SATISFIED for level in rated)
    satisfied_done = sum(level >= SATISFIED for level in done)
    withdrawn, filed = count("withdrawn"), count(*FILED_STATES)
    return {
        "received": len(rows),
        "withdrawn": withdrawn,
        "pending": count(*PENDING_STATES),
        "filed": filed,
        "merged": count("merged"),
        "turned": count("turned"),
        "declined": count("declined"),
        "filing_rate": percent(filed, len(rows) - withdrawn),
        "answered": len(replied),
        "answer_rate": percent(len(replied), filed),
        "in_time": in_time,
        "in_time_rate": percent(in_time, len(replied)),
        "second": sum(row.second for row in rows),
        "rated": len(rated),
        "satisfied": satisfied,
        "satisfaction": percent(satisfied, len(rated)),
        "done_rated": len(done),
        "done_satisfied": satisfied_done,
        "done_satisfaction": percent(satisfied_done, len(done)),
    }


def _in_time(proposal: Proposal) -> bool | None:
    """Whether the last reply went out by the last day of its limit."""
    clocks = [clock for clock in proposal.case.clocks.all() if clock.code == "reply"]
    if not clocks or proposal.reply_checked_on is None or clocks[-1].ended_on is None:
        return None
    clock = clocks[-1]
    return clock.ended_on is not None and (clock.due_on is None or clock.ended_on <= clock.due_on)


def outcome_of(proposal: Proposal) -> Outcome:
    """Return what the figures ask of a proposal that was read by `proposals_of`."""
    ratings = list(proposal.ratings.all())
    last: ProposalRating | None = ratings[-1] if ratings else None
    return Outcome(
        proposal.case.state,
        _in_time(proposal),
        last.reply_level if last else None,
        last.implementation_level if last else None,
        proposal.second_handling,
    )


def proposals_of(session: CongressSession) -> list[Proposal]:
    """Return the proposals of a session in the order of their numbers, by few queries."""
    return list(
        Proposal.objects.filter(session=session, case__sequence__gt=0)
        .select_related("case", "category", "proposer__person", "proposer__unit")
        .prefetch_related(
            "ratings",
            Prefetch("case__clocks", CaseClock.objects.order_by("pk")),
            Prefetch("units", ProposalUnit.objects.select_related("unit")),
        )
        .order_by("sequence")
    )


def count(session: CongressSession) -> dict[str, Any]:
    """Return everything the report says, as plain values that can be frozen."""
    proposals = proposals_of(session)
    outcomes = {row.pk: outcome_of(row) for row in proposals}
    supporters = supporter_counts([row.pk for row in proposals])
    by_category: dict[Any, list[Proposal]] = {}
    by_unit: dict[Any, list[Proposal]] = {}
    for row in sorted(proposals, key=lambda row: row.category.order):
        by_category.setdefault(row.category, []).append(row)
    for row in proposals:
        for unit in row.units.all():
            if unit.lead:
                by_unit.setdefault(unit.unit, []).append(row)

    def lines(groups: dict[Any, list[Proposal]]) -> list[dict[str, Any]]:
        return [
            {"name": name.name, **tally(outcomes[row.pk] for row in rows)}
            for name, rows in groups.items()
        ]

    units = sorted(by_unit.items(), key=lambda pair: pair[0].path)
    return {
        "session": str(session),
        "held_on": session.held_on.isoformat(),
        "total": tally(outcomes.values()),
        "by_category": lines(by_category),
        "by_unit": lines(dict(units)),
        "proposals": [_line(row, outcomes[row.pk], supporters.get(row.pk, 0)) for row in proposals],
        "best": [
            _line(row, outcomes[row.pk], supporters.get(row.pk, 0)) for row in proposals if row.best
        ],
    }


def _line(row: Proposal, outcome: Outcome, supporters: int) -> dict[str, Any]:
    # A withdrawn proposal keeps its number and subject, and names nobody.
    proposer = row.proposer
    return {
        "number": row.case.number,
        "subject": row.case.item,
        "category": row.category.name,
        "proposer": proposer.person.name if proposer else "",
        "delegation": proposer.unit.name if proposer else "",
        "supporters": supporters,
        "state": str(row.case.standing.name),
        "lead": next((unit.unit.name for unit in row.units.all() if unit.lead), ""),
        "helpers": [unit.unit.name for unit in row.units.all() if not unit.lead],
        "result": str(row.get_result_display()) if row.result and row.reply_checked_on else "",
        "level": str(Satisfaction(outcome.level).label) if outcome.level else "",
    }
