"""The declarative table of a case flow: states, transitions, parties and clocks.

One table a subject drives everything: buttons, permissions, the time line, the page that
documents the flow, and the test of every state with every action and every role. Nothing in
the portal asks for the name of a state outside its flow.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django.db.models import Q

    from portal.archives.sources import ContentPart
    from portal.cases.models import Case, CaseEvent
    from portal.notifications.recipients import Recipient
    from portal.people.models import Person, User

# The target of a transition that leads back to where the case was before.
PREVIOUS = "previous"


class PartyKind(enum.Enum):
    """How somebody becomes a party of a case."""

    ROLE = "role"  # by a role of the role table that covers the unit of the case
    APPLICANT = "applicant"  # by having applied, or by acting for who is concerned
    SYSTEM = "system"  # the portal itself: clocks and daily jobs


class ClockAction(enum.Enum):
    """What a transition does to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    # From the day the case was handed in, without the days that did not count until now.
    START_FROM_HAND_IN = "start-from-hand-in"


class DayKind(enum.Enum):
    """How the days of a clock are counted."""

    WORKING = "working"
    CALENDAR = "calendar"


@dataclass(frozen=True)
class Party:
    """Who may act: applicants, staff with certain roles, or the portal itself.

    Attributes:
        turn: the words after 现在轮到 on the applicant's page.
        of_lead_unit: its roles count in the unit that was asked to handle the case (承办单位), not
            in the unit of the case; while no unit is asked, nobody is this party.
    """

    code: str
    name: Any
    kind: PartyKind = PartyKind.ROLE
    roles: tuple[str, ...] = ()
    turn: Any = ""
    of_lead_unit: bool = False


@dataclass(frozen=True)
class State:
    """Where a case can stand.

    Attributes:
        party: code of the party whose turn it is; empty in a final state.
        todo: what the applicant has to do, one sentence of at most 25 characters.
        clock: code of the clock that says when this state ends; empty without one.
        step: code of the step of the time line in which the state lies.
        outcome: for final states, how it ended in the applicant's words.
        tone: colour of its tag: green, red, amber, blue or none.
        change: words of the button by which the applicant changes what was written; empty where
            nothing can be changed.
    """

    code: str
    name: Any
    party: str = ""
    todo: Any = ""
    clock: str = ""
    step: str = ""
    final: bool = False
    outcome: Any = ""
    tone: str = "blue"
    change: Any = ""


@dataclass(frozen=True)
class Step:
    """One line of the applicant's time line, in order."""

    code: str
    name: Any


@dataclass(frozen=True)
class Clock:
    """One time limit.

    Attributes:
        days: how many days a case has; read when the clock starts, from the standard that
            binds the case.
        clause: the law or rule that sets it.
        extension: days by which it may be extended once; 0 when it may not. It and the clauses may
            be read late, from rows.
        of_applicant: the applicant is the one who has to act; nobody in the office is late.
        then: code of the step the portal takes when the limit is over; empty for none.
        lapses: of an applicant's clock: something is lost with that step, so two reminders come
            before it.
    """

    code: str
    name: Any
    days: Callable[[Case, Any], int]
    kind: DayKind = DayKind.WORKING
    clause: str = ""
    include_start: bool = False
    extension: int = 0
    extension_clause: str = ""
    of_applicant: bool = False
    then: str = ""
    lapses: bool = False


@dataclass(frozen=True)
class Context:
    """What guards and effects see: the locked case, its subject, who acts and what was sent.

    Attributes:
        user: the account that acts; None for the portal itself.
        party: code of the party as which it acts.
        values: the cleaned fields of the form.
        remembered: what effects leave for the event's data; plain values without personal
            detail.
    """

    case: Case
    subject: Any
    transition: Transition
    user: User | None
    party: str
    values: Mapping[str, Any]
    now: datetime.datetime
    today: datetime.date
    remembered: dict[str, Any] = field(default_factory=dict)

    @property
    def actor(self) -> User:
        """The account that acts, in steps the portal never takes itself.

        Raises:
            RuntimeError: nobody acts; the table lets the portal take a step of people.
        """
        if self.user is None:
            raise RuntimeError(f"{self.transition.code} is a step of people.")
        return self.user


@dataclass(frozen=True)
class Guard:
    """A condition of a transition.

    Attributes:
        says: the condition in words, for the documentation of the flow.
        check: raises a `Refusal` when it does not hold. It only reads.
        of_values: it looks at what was typed, so it is not asked before somebody typed.
    """

    code: str
    says: Any
    check: Callable[[Context], None]
    of_values: bool = False


@dataclass(frozen=True)
class Effect:
    """What a transition does besides moving the case, inside its transaction."""

    code: str
    says: Any
    run: Callable[[Context], None]


@dataclass(frozen=True)
class Transition:
    """One row: from, to, who, under which conditions, with which effects.

    Attributes:
        name: the words on the button.
        sources: codes of the states it starts from.
        target: code of the state it leads to, `PREVIOUS`, or the same state.
        parties: codes of the parties that may do it.
        distinct_from: codes of transitions whose actor must be another human (four eyes).
        clocks: what happens to which clock.
        fields: names of the fields its form asks for, known to the subject's form class.
        batch_clause: the rule that allows it for many cases at once; empty forbids it.
        applicant_reads: the line of the time line for the applicant.
        message: code of the message to the applicant; empty sends none.
        tone: how the button looks: primary, quiet or danger.
        clause: the law or rule it rests on.
        asks_again: the button leads to a page that asks for confirmation.
        is_work: it is what the office waits for; a way out such as a withdrawal is not.
    """

    code: str
    name: Any
    sources: tuple[str, ...]
    target: str
    parties: tuple[str, ...]
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    clocks: tuple[tuple[str, ClockAction], ...] = ()
    fields: tuple[str, ...] = ()
    distinct_from: tuple[str, ...] = ()
    batch_clause: str = ""
    applicant_reads: Any = ""
    message: str = ""
    tone: str = "primary"
    clause: str = ""
    is_work: bool = True


@dataclass(frozen=True)
class Representatives:
    """Who may act for the person a case is about, such as a delegate or a guardian.

    They are the applicant party while their right lasts. The right is asked for anew at every
    step, with the case locked: whoever takes it away locks the cases it opens first.

    Attributes:
        cases: the condition on cases in which the person with this key may act now.
        people: those who are told with the applicant.
    """

    cases: Callable[[int], Q]
    people: Callable[[Case], Iterable[Person]]


@dataclass(frozen=True)
class Flow:
    """The table of one subject.

    Attributes:
        prefix: of the case number (受理编号).
        subject_of: reads the subject's own row of a case.
        readers: codes of roles that read every case of the flow and change none.
        leaders: codes of roles that are told when a case is overdue.
        forms: form class of a step by the code of its transition; the standard one asks for
            a reason and, of staff, an internal note.
        templates: template of the facts by who reads: `office` and `applicant`.
        case_file: what the closed case file says, as plain values for the archive.
        case_parts: the same as readable text.
        archive_kind: code and name of the record of a closed case.
        phone: the number to call about a case; the service phone of the settings without it.
        draft_address: where the applicant continues a draft, or changes what has to be corrected.
        representatives: who else may act as the applicant; nobody without it.
        concerns: whether a case concerns a person in a way the case itself does not say.
        contacts: addresses that were typed for a case, such as the phone of an application; they go
            before those the portal knows of the same people.
        callers: roles that phone the applicant when an SMS cannot be delivered; those of the first
            party of the office without it.
        names: the condition on cases that name somebody only by identity number, given the blind
            indexes of such numbers; it serves lists as well, so it joins nothing to the case.
        papers: codes of the parties that open the papers of a case; everybody who reads it
            without it.
        hides_applicant: whether the parties of the asked unit must not learn who applied in a
            case; it looks at the case alone.
    """

    code: str
    name: Any
    prefix: str
    parties: tuple[Party, ...]
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    clocks: tuple[Clock, ...]
    steps: tuple[Step, ...]
    initial: str
    subject_of: Callable[[Case], Any]
    case_file: Callable[[Case, list[CaseEvent]], dict[str, Any]]
    case_parts: Callable[[dict[str, Any]], list[ContentPart]]
    archive_kind: tuple[str, Any]
    readers: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    forms: Mapping[str, Any] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    phone: Callable[[Case], str] | None = None
    draft_address: Callable[[Case], str] | None = None
    representatives: Representatives | None = None
    concerns: Callable[[Case, Person], bool] | None = None
    names: Callable[[Any], Q] | None = None
    papers: tuple[str, ...] | None = None
    contacts: Callable[[Case], Iterable[Recipient]] | None = None
    callers: tuple[str, ...] = ()
    hides_applicant: Callable[[Case], bool] | None = None

    def __post_init__(self) -> None:
        """Refuse a table that contradicts itself.

        Raises:
            ImproperlyConfigured: with every contradiction.
        """
        if faults := list(_faults(self)):
            raise ImproperlyConfigured(f"Flow {self.code}: {'; '.join(faults)}")

    def state(self, code: str) -> State:
        """Return a state by its code."""
        return next(state for state in self.states if state.code == code)

    def transition(self, code: str) -> Transition:
        """Return a transition by its code.

        Raises:
            UnknownTransition: the flow has none of this code.
        """
        for transition in self.transitions:
            if transition.code == code:
                return transition
        raise UnknownTransition(code)

    def party(self, code: str) -> Party:
        """Return a party by its code."""
        return next(party for party in self.parties if party.code == code)

    def clock(self, code: str) -> Clock:
        """Return a clock by its code."""
        return next(clock for clock in self.clocks if clock.code == code)

    def leading_from(self, state: str) -> list[Transition]:
        """Return the transitions that start from a state, in the order of the table."""
        return [transition for transition in self.transitions if state in transition.sources]

    def calling_roles(self) -> tuple[str, ...]:
        """Return the roles that phone applicants."""
        staff = [party.roles for party in self.parties if party.kind is PartyKind.ROLE]
        return self.callers or (staff[0] if staff else ())

    def roles(self) -> set[str]:
        """Return the codes of all roles that take part or read."""
        return {code for party in self.parties for code in party.roles} | set(self.readers)

    def lead_unit_roles(self) -> frozenset[str]:
        """Return the codes of the roles that count in the unit asked to handle a case."""
        return frozenset(
            code for party in self.parties if party.of_lead_unit for code in party.roles
        )

    def unit_roles(self) -> frozenset[str]:
        """Return the codes of the roles that count in the unit of a case."""
        return frozenset(self.roles()) - self.lead_unit_roles()


class UnknownFlow(LookupError):
    """No flow is registered under this code."""


class UnknownTransition(LookupError):
    """The flow has no transition of this code."""


def _repeated(codes: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [code for code in codes if code in seen or seen.add(code)]  # type: ignore[func-returns-value]


def _faults(flow: Flow) -> Iterable[str]:
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


_flows: dict[str, Flow] = {}


def register_flow(flow: Flow) -> None:
    """Register a flow once, when its application is ready."""
    _flows[flow.code] = flow


def flow(code: str) -> Flow:
    """Return the flow of this code.

    Raises:
        UnknownFlow: nothing is registered under it.
    """
    try:
        return _flows[code]
    except KeyError as error:
        raise UnknownFlow(f"No flow is registered as {code}.") from error


def flows() -> list[Flow]:
    """Return all registered flows."""
    return list(_flows.values())
