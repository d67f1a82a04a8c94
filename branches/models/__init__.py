"""Party branches: organization, members, activities, pages, the rules of organizational life."""

from __future__ import annotations

from branches.models.activities import Activity, ActivityKind, ActivityState
from branches.models.attendance import AbsenceReason, Attendance, Presence
from branches.models.members import (
    Audience,
    BarKind,
    ChangeKind,
    End,
    MemberImport,
    Membership,
    MemberTransfer,
    PartyMember,
    Start,
    StatusChange,
    TrainingGoal,
    TrainingHours,
    TrainingKind,
    VotingBar,
)
from branches.models.minutes import (
    ActivityEvent,
    Resolution,
    Speech,
    Supplement,
    Vote,
    VoteRule,
    VoteSubject,
)
from branches.models.organization import (
    COMMITTEE_POSTS,
    SHARED_POSTS,
    PartyPost,
    PartyTerm,
    PostKind,
    Reorganization,
    ReorganizationKind,
    RuleCode,
    StructureRule,
    covers,
)
from branches.models.pages import ActivityPage, BranchIndexPage, BranchPage
from branches.models.plans import ThemeDayRule
from branches.models.requirements import MONTHS, LifeExemption, LifeRequirement, Period
from branches.models.talks import Talk

__all__ = [
    "COMMITTEE_POSTS",
    "MONTHS",
    "SHARED_POSTS",
    "AbsenceReason",
    "Activity",
    "ActivityEvent",
    "ActivityKind",
    "ActivityPage",
    "ActivityState",
    "Attendance",
    "Audience",
    "BarKind",
    "BranchIndexPage",
    "BranchPage",
    "ChangeKind",
    "End",
    "LifeExemption",
    "LifeRequirement",
    "MemberImport",
    "MemberTransfer",
    "Membership",
    "PartyMember",
    "PartyPost",
    "PartyTerm",
    "Period",
    "PostKind",
    "Presence",
    "Reorganization",
    "ReorganizationKind",
    "Resolution",
    "RuleCode",
    "Speech",
    "Start",
    "StatusChange",
    "StructureRule",
    "Supplement",
    "Talk",
    "ThemeDayRule",
    "TrainingGoal",
    "TrainingHours",
    "TrainingKind",
    "Vote",
    "VoteRule",
    "VoteSubject",
    "VotingBar",
    "covers",
]
