"""What is published of surveys, for the offices whose service they ask about."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from portal.effect_surveys import EffectSurvey, register_effect_surveys
from union.models import SurveyResultPage
from union.surveys.permissions import run_offices

MOST_SHOWN = 6


def published(office: str) -> Iterator[EffectSurvey]:
    """Yield the surveys of an office whose result is published, the newest first.

    Only what the result page shows is told: the page is the one place where hiding was decided.
    """
    pages = SurveyResultPage.objects.live().filter(survey__office=office)
    for page in pages.order_by("-survey__closes_on", "-pk")[:MOST_SHOWN]:
        figures: dict[str, Any] = page.figures
        yield EffectSurvey(
            title=page.title,
            closed_on=datetime.date.fromisoformat(figures["survey"]["closed_on"]),
            invited=figures["invited"],
            rate=figures.get("rate"),
            scores=[(row["name"], row["whole"]) for row in figures.get("dimensions", [])],
            url=page.url or "",
        )


def register() -> None:
    """Register once, when the application is ready."""
    register_effect_surveys(
        "union", published, "surveys_office", lambda user, office: office in run_offices(user)
    )
