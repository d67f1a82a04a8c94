"""Cases, their events, clocks and the people who stand aside."""

from __future__ import annotations

from portal.cases.models.cases import Case, CaseDocument, CaseNumber, ClosedFile, SubmissionKey
from portal.cases.models.clocks import (
    CaseClock,
    ClockPause,
    ExtensionRequest,
    Supervision,
    SupervisionLevel,
)
from portal.cases.models.events import CaseEvent
from portal.cases.models.people import DeclaredRelative, Kinship, PhoneCall, Recusal
from portal.cases.models.ratings import Rating, Satisfaction

__all__ = [
    "Case",
    "CaseClock",
    "CaseDocument",
    "CaseEvent",
    "CaseNumber",
    "ClockPause",
    "ClosedFile",
    "DeclaredRelative",
    "ExtensionRequest",
    "Kinship",
    "PhoneCall",
    "Rating",
    "Recusal",
    "Satisfaction",
    "SubmissionKey",
    "Supervision",
    "SupervisionLevel",
]
