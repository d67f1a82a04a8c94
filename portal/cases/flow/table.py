"""The table of one subject: its parts together, and what the machine asks of the subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from portal.cases.flow.faults import faults
from portal.cases.flow.parts import Clock, Party, PartyKind, State, Step, Transition

if TYPE_CHECKING:
    from django.db.models import Q

    from portal.archives.sources import ContentPart
    from portal.cases.models import Case, CaseEvent
    from portal.notifications.recipients import Recipient
    from portal.people.models import Person


class UnknownTransition(LookupError):
    """The flow has no transition of this code."""


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
        apart: the condition on cases in which a person has to stand aside for another reason than
            kinship, such as the own unit being complained about; it serves lists, as `concerns`
            serves one case, so it joins nothing to the case.
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
    apart: Callable[[int], Q] | None = None

    def __post_init__(self) -> None:
        """Refuse a table that contradicts itself.

        Raises:
            ImproperlyConfigured: with every contradiction.
        """
        if found := list(faults(self)):
            raise ImproperlyConfigured(f"Flow {self.code}: {'; '.join(found)}")

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
