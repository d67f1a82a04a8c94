"""Second looks for tests, from a decided application to any state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.cases import services as cases
from portal.cases.models import Case, CaseEvent
from portal.people.models import User
from tests.factories.people import make_user
from tests.factories.support import Journey, make_journey
from veterans.appeals import services

REASON = "本人名下没有自有住房，登记信息是同名的人。"


@dataclass
class Appealed:
    """One second look at a rejected application, and those who take its steps."""

    first: Journey
    examiner: User
    decider: User
    events: list[CaseEvent] = field(default_factory=list)
    pk: Any = None

    @property
    def applicant(self) -> User:
        """Who applied and asks."""
        return self.first.applicant

    @property
    def case(self) -> Case:
        """The case of the second look as the database has it now."""
        return Case.objects.select_related("unit").get(pk=self.pk)

    def step(self, transition: str, user: User | None, **values: Any) -> CaseEvent:
        """Take one step."""
        event = cases.apply(self.pk, transition, user, values)
        self.events.append(event)
        return event

    def ask(self) -> str:
        """Ask for the second look; return the tracking code."""
        made, code = services.ask(self.first.case, self.applicant, REASON, [])
        self.pk = made.pk
        return code

    def to(self, state: str) -> Case:
        """Take the shortest way to a state."""
        if state == "draft":
            draft = cases.open_draft(
                "veterans-appeal",
                item=self.first.case.item,
                unit=self.first.case.unit,
                applicant=self.applicant.person,
            )
            self.pk = draft.pk
            from veterans.models import Appeal

            Appeal.objects.create(
                case=draft,
                of_case=self.first.case,
                decided_sequence=self.first.case.sequence,
                reason=REASON,
                limit_on=self.first.case.created_at.date(),
            )
            return self.case
        self.ask()
        way = {
            "examined": lambda: self.step("examine", self.examiner, note="已向登记部门核实"),
            "upheld": lambda: self.step("uphold", self.decider, reason="登记信息有误"),
            "dismissed": lambda: self.step("dismiss", self.decider, reason="原决定正确"),
            "withdrawn": lambda: self.step("withdraw", self.applicant),
        }
        if state in ("upheld", "dismissed"):
            way["examined"]()
        if state != "submitted":
            way[state]()
        assert self.case.state == state
        return self.case


def make_appealed(first: Journey | None = None, state: str = "rejected") -> Appealed:
    """Create a decided application, and others who take the second look."""
    if first is None:
        first = make_journey()
        first.to(state)
    return Appealed(first, make_user("union_staff"), make_user("union_chair", "party_approver"))
