"""Records whose last check was not passed, and how far the checks of what is kept are."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.archives.inspection.rounds import kept
from portal.archives.models import Inspection, InspectionStage
from portal.archives.models.inspections import Verdict


def not_passed(stage: str = "") -> QuerySet[Inspection]:
    """Return the checks that were not passed and never since, the newest first.

    Args:
        stage: only checks of this stage of `InspectionStage`; all of them when empty.
    """
    # The checks of long keeping are few; passing them settles none of the others.
    as_much = Q(stage=OuterRef("stage")) | ~Q(stage=InspectionStage.LONG_TERM)
    later = Inspection.objects.filter(as_much, record=OuterRef("record"), pk__gt=OuterRef("pk"))
    found = Inspection.objects.filter(~Exists(later), verdict=Verdict.FAIL)
    if stage in InspectionStage.values:
        found = found.filter(stage=stage)
    return found.select_related("record__unit").order_by("-pk")


def waiting_count(user: Any) -> int:
    """Return how many records did not pass their last check."""
    return not_passed().count()


@dataclass(frozen=True)
class Progress:
    """How far the checks of accepted records are.

    Attributes:
        kept: how many accepted records there are.
        overdue: how many of them were not checked within the days of the setting.
        oldest: the moment of the check that lies back longest, or of the acceptance.
        days: within how many days each is checked.
    """

    kept: int
    overdue: int
    oldest: datetime.datetime | None
    days: int


def progress() -> Progress:
    """Return how far the checks of accepted records are."""
    days = settings.LONG_TERM_CHECK_DAYS
    limit = timezone.now() - datetime.timedelta(days=days)
    rows = kept()
    oldest = rows.aggregate(oldest=Min("last_check"))["oldest"]
    return Progress(rows.count(), rows.filter(last_check__lt=limit).count(), oldest, days)
