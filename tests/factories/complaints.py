"""Complaints for tests, from the call to any state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.cases import services as cases
from portal.cases.models import Case, CaseEvent
from portal.people.models import User
from tests.factories.people import make_person, make_user
from veterans.complaints.views import take_down
from veterans.models import Complaint


@dataclass
class Complained:
    """One complaint and those who take its steps."""

    clerk: User
    handler: User
    applicant: User
    about: Case | None = None
    pk: Any = None

    @property
    def case(self) -> Case:
        """The case as the database has it now."""
        return Case.objects.select_related("unit").get(pk=self.pk)

    def step(self, transition: str, user: User | None, **values: Any) -> CaseEvent:
        """Take one step."""
        return cases.apply(self.pk, transition, user, values)

    def take_down(self) -> None:
        """Let the clerk take the call down; the caller is known."""
        case = take_down(
            self.clerk,
            {
                "channel": "hotline",
                "topic": "发放时间",
                "words": "十月的补贴怎么还没有到账？",
                "name": "秦月兰",
                "phone": "13900000001",
                "number": self.about,
                "is_applicant": False,
            },
        )
        self.pk = case.pk
        Case.objects.filter(pk=case.pk).update(applicant=self.applicant.person)

    def to(self, state: str) -> Case:
        """Take the shortest way to a state."""
        if state == "draft":
            draft = cases.open_draft(
                "veterans-complaint",
                item="发放时间",
                unit=self.clerk.person.roles.get().unit,  # type: ignore[union-attr]
                applicant=self.applicant.person,
            )
            Complaint.objects.create(
                case=draft, channel="hotline", words="x", entered_by=self.clerk
            )
            self.pk = draft.pk
            return self.case
        self.take_down()
        way = {
            "received": lambda: None,
            "handling": lambda: self.step("handle", self.handler),
            "answered": lambda: self.step("answer", self.handler, reason="十一月五日已到账"),
            "closed": lambda: self.step("rate", self.applicant, level=4),
        }
        for reached, forward in way.items():
            forward()
            if reached == state:
                break
        assert self.case.state == state
        return self.case


def make_complained(about: Case | None = None) -> Complained:
    """Create a caller with an account, a clerk and somebody who answers."""
    return Complained(
        clerk=make_user("veterans_officer"),
        handler=make_user("union_staff"),
        applicant=make_user("employee", person=make_person("秦月兰")),
        about=about,
    )
