"""Party branches: activities, pages, and the rules of organizational life."""

from __future__ import annotations

from branches.models.activities import Activity, ActivityKind
from branches.models.pages import ActivityPage, BranchIndexPage, BranchPage
from branches.models.requirements import MONTHS, LifeExemption, LifeRequirement, Period

__all__ = [
    "MONTHS",
    "Activity",
    "ActivityKind",
    "ActivityPage",
    "BranchIndexPage",
    "BranchPage",
    "LifeExemption",
    "LifeRequirement",
    "Period",
]
