"""The parts of a table: parties, states, clocks, and transitions with what they ask and do."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.cases.models import Case
    from portal.people.models import User

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
        until: what the applicant reads of its last day instead of the usual sentence, with
            `{date}`; at most 25 characters.
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
    until: Any = ""


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
