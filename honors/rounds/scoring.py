"""The arithmetic of a round: totals, mean and spread, and who may be proposed. No database.

Source: chapter 3.5 of the domain facts; every bound comes from the terms of the round.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from honors.rounds.terms import Terms

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
#: From this difference of two totals on, of 100, the office is told to look at the sheets again.
WIDE_SPREAD = Decimal(20)


@dataclass(frozen=True)
class Spread:
    """What the judges' totals come to, each of 100 points.

    Attributes:
        deviation: the standard deviation of the totals.
    """

    count: int
    mean: Decimal
    least: Decimal
    most: Decimal
    deviation: Decimal

    @property
    def is_wide(self) -> bool:
        """Whether judges differ so much that the sheets deserve a second look."""
        return self.most - self.least >= WIDE_SPREAD


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def total(points: Sequence[Decimal], most: int) -> Decimal:
    """Return the total of a sheet on a scale of 100 points.

    Args:
        most: what the whole score card gives, at least 1.
    """
    return _rounded(sum(points, Decimal(0)) * HUNDRED / most)


def spread(totals: Sequence[Decimal]) -> Spread | None:
    """Return mean, extremes and standard deviation; None where nobody scored."""
    if not totals:
        return None
    mean = sum(totals, Decimal(0)) / len(totals)
    variance = sum(((value - mean) ** 2 for value in totals), Decimal(0)) / len(totals)
    return Spread(
        len(totals),
        _rounded(mean),
        min(totals),
        max(totals),
        _rounded(variance.sqrt()),
    )


@dataclass(frozen=True)
class Candidate:
    """What is known of a nominee when the list is drawn up.

    Attributes:
        voters: how many judges may vote on this one.
    """

    key: Any
    name: str
    mean: Decimal | None
    yes: int
    voters: int
    front_line: bool = False


def places(share: Decimal | None, count: int) -> int:
    """Return how many of all that were judged may be proposed; at least one."""
    if share is None:
        return count
    return max(1, math.ceil(share * count / HUNDRED))


def ranking(candidates: Sequence[Candidate]) -> dict[Any, int]:
    """Return the rank of everybody who has a mean, 1 for the best; equal means share a rank."""
    means = sorted((row.mean for row in candidates if row.mean is not None), reverse=True)
    return {row.key: means.index(row.mean) + 1 for row in candidates if row.mean is not None}


def passes_ballot(candidate: Candidate, share: int) -> bool:
    """Whether more than the share of those who may vote said yes."""
    return candidate.yes * 100 > share * candidate.voters


def shortcomings(candidate: Candidate, everybody: Sequence[Candidate], terms: Terms) -> list[str]:
    """Return why a nominee cannot be proposed, in words; empty when it can."""
    found = []
    if terms.lines and candidate.mean is None:
        found.append(_("nobody scored"))
    if (
        terms.pass_mark is not None
        and candidate.mean is not None
        and candidate.mean < terms.pass_mark
    ):
        found.append(
            _("mean score %(mean)s below %(least)s")
            % {"mean": candidate.mean, "least": f"{terms.pass_mark:f}"}
        )
    rank = ranking(everybody).get(candidate.key)
    if rank is not None and rank > places(terms.top_share, len(everybody)):
        found.append(_("rank %(rank)d is not among the best") % {"rank": rank})
    if not passes_ballot(candidate, terms.ballot_share):
        found.append(
            _("%(yes)d of %(voters)d votes are not more than %(share)d%%")
            % {"yes": candidate.yes, "voters": candidate.voters, "share": terms.ballot_share}
        )
    return found


def faults_of_choice(
    chosen: Sequence[Candidate], everybody: Sequence[Candidate], terms: Terms, seats: int
) -> list[str]:
    """Return what is wrong with a list of winners; empty when it is lawful."""
    found = []
    if not chosen:
        found.append(
            _("Please choose at least one. If nobody meets the conditions, end the round.")
        )
    if len(chosen) > seats:
        found.append(
            _("%(count)d are chosen, but there are only %(seats)d awards.")
            % {"count": len(chosen), "seats": seats}
        )
    for row in chosen:
        if why := shortcomings(row, everybody, terms):
            found.append(f"{row.name}：{'；'.join(why)}。")
    share = terms.front_line_share
    if chosen and share is not None:
        front = sum(row.front_line for row in chosen)
        if front * 100 < share * len(chosen):
            found.append(
                _(
                    "Only %(front)d of %(count)d are from the front line; at least %(share)d%% are "
                    "needed."
                )
                % {"front": front, "count": len(chosen), "share": share}
            )
    return found
