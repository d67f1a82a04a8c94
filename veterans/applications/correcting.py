"""What may be changed while an application is corrected, and since when it has been."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import F

from portal.cases.models import Case
from veterans.applications.tasks import (
    ABOUT,
    BANK,
    MATERIALS,
    QUESTIONS,
    missing_materials,
    open_questions,
    tasks_of,
)
from veterans.models import Application

CORRECTING = "correcting"


def part_code(material: Any) -> str:
    """Return the code by which a paper stands on the list of a correction."""
    return f"{MATERIALS}:{material.code}"


def asked_at(case: Case) -> datetime.datetime:
    """Return the moment in which the office asked for the correction that is open."""
    asked = case.events.filter(to_state=CORRECTING).exclude(from_state=F("to_state"))
    return asked.latest("sequence").at


def parts_to_correct(application: Application) -> set[str]:
    """Return what was asked for, and what became necessary by the answers that were changed."""
    parts = {str(row["code"]) for row in application.corrections}
    parts |= {part_code(material) for material in missing_materials(application)}
    if open_questions(application):
        parts.add(QUESTIONS)
    unfinished = {task.code for task in tasks_of(application) if not task.done}
    return parts | (unfinished & {ABOUT, BANK})


def is_corrected(application: Application) -> bool:
    """Whether everything on the list is done and nothing is missing."""
    asked = application.corrections
    listed = {str(row["code"]) for row in asked}
    return all(row.get("done") for row in asked) and not parts_to_correct(application) - listed
