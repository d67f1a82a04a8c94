"""The flow of an application for support, from hand-in to payment (优待申请流程).

Source: the flow of the veterans chapter of the domain facts, after the Administrative
Licensing Law (articles 32, 42, 82) as a model. Time limits are data of the standard.
"""

from __future__ import annotations

from veterans.flow.clocks import CLOCKS
from veterans.flow.parties import (
    APPLICANT,
    APPROVER,
    PARTIES,
    PAYER,
    REVIEWER,
    STATION,
    SYSTEM,
)
from veterans.flow.states import STATES, STEPS
from veterans.flow.table import FLOW, SUPPORT, TRANSITIONS, register

__all__ = [
    "APPLICANT",
    "APPROVER",
    "CLOCKS",
    "FLOW",
    "PARTIES",
    "PAYER",
    "REVIEWER",
    "STATES",
    "STATION",
    "STEPS",
    "SUPPORT",
    "SYSTEM",
    "TRANSITIONS",
    "register",
]
