"""The arithmetic of scores and awards. Points up to 100, money in yuan as Decimal.

Source: chapter 4.3 of the domain facts: technique 30, benefit 30, application 20, practicality 20;
the criteria and tiers themselves are rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol, TypeVar

CENT = Decimal("0.01")


class _Criterion(Protocol):
    code: str
    most: int


class _BenefitTier(Protocol):
    least: Decimal


class _AwardTier(Protocol):
    least_points: int
    least_benefit: Decimal
    amount: Decimal


_B = TypeVar("_B", bound=_BenefitTier)
_A = TypeVar("_A", bound=_AwardTier)


class WrongPoints(ValueError):
    """Points are missing, or more than a criterion has; the text is the code of the criterion."""


def total_of(points: Mapping[str, int], criteria: Iterable[_Criterion]) -> int:
    """Return the points of all criteria together.

    Raises:
        WrongPoints: one is missing, unknown, below nothing or above its most.
    """
    known = {row.code: row.most for row in criteria}
    for code in set(points) - set(known):
        raise WrongPoints(code)
    for code, most in known.items():
        given = points.get(code)
        if given is None or not 0 <= given <= most:
            raise WrongPoints(code)
    return sum(points.values())


def mean_of(totals: Iterable[int]) -> Decimal:
    """Return the mean of the totals of all scorers, two decimals, rounded half up.

    Raises:
        ValueError: nobody scored.
    """
    found = list(totals)
    if not found:
        raise ValueError("Nobody scored.")
    return (Decimal(sum(found)) / len(found)).quantize(CENT, ROUND_HALF_UP)


def benefit_tier_of(benefit: Decimal, tiers: Iterable[_B]) -> _B | None:
    """Return the highest tier a yearly benefit reaches; its lower bound belongs to it."""
    reached = [tier for tier in tiers if benefit >= tier.least]
    return max(reached, key=lambda tier: tier.least, default=None)


def award_tier_of(points: Decimal, benefit: Decimal, tiers: Iterable[_A]) -> _A | None:
    """Return the highest award whose points and benefit are both reached; None for none."""
    reached = [
        tier for tier in tiers if points >= tier.least_points and benefit >= tier.least_benefit
    ]
    return max(reached, key=lambda tier: tier.amount, default=None)
