"""What an award comes to, from scores, verified benefit and the tiers of the day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from union.models import AwardTier, BenefitTier, Suggestion
from union.suggestions.scoring import award_tier_of, benefit_tier_of, mean_of


@dataclass(frozen=True)
class Due:
    """What a suggestion is due.

    Attributes:
        points: mean of the scores; None while nobody scored.
        tier: the award; None when no award is reached.
    """

    points: Decimal | None
    benefit: Decimal
    benefit_tier: BenefitTier | None
    tier: AwardTier | None


def due(suggestion: Suggestion, day: datetime.date) -> Due:
    """Return what a suggestion is due by the tiers in force on a day."""
    totals = list(suggestion.scores.values_list("total", flat=True))
    benefit = suggestion.verified_benefit or Decimal(0)
    benefit_tier = benefit_tier_of(benefit, BenefitTier.objects.in_force(day))
    if not totals:
        return Due(None, benefit, benefit_tier, None)
    points = mean_of(totals)
    return Due(
        points,
        benefit,
        benefit_tier,
        award_tier_of(points, benefit, AwardTier.objects.in_force(day)),
    )
