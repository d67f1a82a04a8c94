"""What is wrong with a table; a portal with such a table does not start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from portal.cases.flow.parts import PREVIOUS, PartyKind

if TYPE_CHECKING:
    from portal.cases.flow.table import Flow


def _repeated(codes: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [code for code in codes if code in seen or seen.add(code)]  # type: ignore[func-returns-value]


def faults(flow: Flow) -> Iterable[str]:
    """Yield every contradiction of a table."""
    states = {state.code for state in flow.states}
    parties = {party.code for party in flow.parties}
    clocks = {clock.code for clock in flow.clocks}
    codes = {transition.code for transition in flow.transitions}
    for name, rows in (
        ("state", flow.states),
        ("transition", flow.transitions),
        ("party", flow.parties),
        ("clock", flow.clocks),
    ):
        for code in _repeated([row.code for row in rows]):
            yield f"{name} {code} appears twice"
    asked = {code for party in flow.parties if party.of_lead_unit for code in party.roles}
    others = {code for party in flow.parties if not party.of_lead_unit for code in party.roles}
    for code in sorted(asked & (others | set(flow.readers) | set(flow.leaders))):
        yield f"role {code} counts in the asked unit and in the unit of the case"
    for party in flow.parties:
        if party.of_lead_unit and party.kind is not PartyKind.ROLE:
            yield f"party {party.code} has no roles to count in the asked unit"
    if flow.initial not in states:
        yield f"the first state {flow.initial} does not exist"
    for state in flow.states:
        leaving = flow.leading_from(state.code)
        if state.final and any(row.target != state.code for row in leaving if row.is_work):
            yield f"the final state {state.code} has work left"
        if not state.final and not leaving:
            yield f"nothing leads out of {state.code}"
        if state.party and state.party not in parties:
            yield f"state {state.code} waits for the unknown party {state.party}"
        if state.clock and state.clock not in clocks:
            yield f"state {state.code} names the unknown clock {state.clock}"
        if state.step and state.step not in {step.code for step in flow.steps}:
            yield f"state {state.code} lies in the unknown step {state.step}"
    reached = {flow.initial} | {row.target for row in flow.transitions}
    for code in states - reached:
        yield f"nothing leads to {code}"
    for clock in flow.clocks:
        if clock.then and clock.then not in codes:
            yield f"clock {clock.code} leads to the unknown step {clock.then}"
        if clock.lapses and not (clock.of_applicant and clock.then):
            yield f"clock {clock.code} lapses, but no applicant loses anything"
    for row in flow.transitions:
        for code in {*row.sources, row.target} - states - {PREVIOUS}:
            yield f"{row.code} names the unknown state {code}"
        for code in set(row.parties) - parties:
            yield f"{row.code} names the unknown party {code}"
        for code in {clock for clock, _action in row.clocks} - clocks:
            yield f"{row.code} names the unknown clock {code}"
        for code in set(row.distinct_from) - codes:
            yield f"{row.code} must differ from the unknown transition {code}"
        if not row.parties:
            yield f"nobody may do {row.code}"
