"""Filters of results: days and states of improvements as they stand in the copied list."""

from __future__ import annotations

import datetime
from typing import Any

from django import template
from django.utils.dateparse import parse_date

from union.models import ImprovementState

register = template.Library()

TONES = {
    ImprovementState.PLANNED: "blue",
    ImprovementState.RUNNING: "amber",
    ImprovementState.DONE: "green",
    ImprovementState.DROPPED: "",
}


@register.filter
def as_day(text: str) -> datetime.date | None:
    """Return the day that a text in ISO 8601 names."""
    return parse_date(text)


@register.filter
def improvement_state(code: str) -> Any:
    """Return the words of a state."""
    return ImprovementState(code).label


@register.filter
def improvement_tone(code: str) -> str:
    """Return the colour of a state."""
    return TONES[ImprovementState(code)]
