"""Published surveys of what a service achieved, for the office that runs the service.

Whoever keeps surveys registers what of them is published; the office of a service asks here and
knows no surveys, so subjects stay apart.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class EffectSurvey:
    """What is published of one survey.

    Attributes:
        closed_on: its last day.
        invited: how many were asked.
        rate: how many of them answered, in whole percent; None where that is not shown.
        scores: names of dimensions with their score, 0 to 100; None where it is not shown.
        url: the page of the result.
    """

    title: str
    closed_on: datetime.date
    invited: int
    rate: int | None
    scores: list[tuple[str, int | None]]
    url: str


@dataclass(frozen=True)
class _Keeper:
    published: Callable[[str], Iterable[EffectSurvey]]
    office_url_name: str
    may_run: Callable[[Any, str], bool]


_keepers: dict[str, _Keeper] = {}


def register_effect_surveys(
    code: str,
    published: Callable[[str], Iterable[EffectSurvey]],
    office_url_name: str,
    may_run: Callable[[Any, str], bool],
) -> None:
    """Register a keeper of surveys once, when its application is ready.

    Args:
        published: takes the code of an office, returns its published surveys, newest first.
        office_url_name: where the office designs and launches surveys.
        may_run: whether an account runs surveys of an office.
    """
    _keepers[code] = _Keeper(published, office_url_name, may_run)


def effect_surveys(office: str) -> list[EffectSurvey]:
    """Return the published surveys of an office, the newest first."""
    found = [row for keeper in _keepers.values() for row in keeper.published(office)]
    return sorted(found, key=lambda row: row.closed_on, reverse=True)


def survey_office_url(user: Any, office: str) -> str:
    """Return where an account runs the surveys of an office; empty when it runs none."""
    for keeper in _keepers.values():
        if keeper.may_run(user, office):
            return reverse(keeper.office_url_name)
    return ""
