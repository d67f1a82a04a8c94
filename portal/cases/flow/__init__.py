"""The declarative table of a case flow: states, transitions, parties and clocks.

One table a subject drives everything: buttons, permissions, the time line, the page that
documents the flow, and the test of every state with every action and every role. Nothing in
the portal asks for the name of a state outside its flow.
"""

from __future__ import annotations

from portal.cases.flow.parts import (
    PREVIOUS,
    Clock,
    ClockAction,
    Context,
    DayKind,
    Effect,
    Guard,
    Party,
    PartyKind,
    State,
    Step,
    Transition,
)
from portal.cases.flow.registry import (
    UnknownFlow,
    flow,
    flows,
    register_flow,
)
from portal.cases.flow.table import (
    Flow,
    Representatives,
    UnknownTransition,
)

__all__ = [
    "Clock",
    "ClockAction",
    "Context",
    "DayKind",
    "Effect",
    "Flow",
    "Guard",
    "PREVIOUS",
    "Party",
    "PartyKind",
    "Representatives",
    "State",
    "Step",
    "Transition",
    "UnknownFlow",
    "UnknownTransition",
    "flow",
    "flows",
    "register_flow",
]
