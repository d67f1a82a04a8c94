"""Party branches: organization, members, activities, pages, the rules of organizational life."""

from __future__ import annotations

from branches.models.activities import Activity, ActivityKind, ActivityState
from branches.models.attendance import AbsenceReason, Attendance, Presence
from branches.models.minutes import (
    ActivityEvent,
    Resolution,
    Speech,
    Supplement,
    Vote,
    VoteRule,
    VoteSubject,
)
from branches.models.pages import ActivityPage, BranchIndexPage, BranchPage
from branches.models.plans import ThemeDayRule
from branches.models.requirements import MONTHS, LifeExemption, LifeRequirement, Period
from branches.models.talks import Talk

__all__ = [
    "MONTHS",
    "AbsenceReason",
    "Activity",
    "ActivityEvent",
    "ActivityKind",
    "ActivityPage",
    "ActivityState",
    "Attendance",
    "BranchIndexPage",
    "BranchPage",
    "LifeExemption",
    "LifeRequirement",
    "Period",
    "Presence",
    "Resolution",
    "Speech",
    "Supplement",
    "Talk",
    "ThemeDayRule",
    "Vote",
    "VoteRule",
    "VoteSubject",
]
