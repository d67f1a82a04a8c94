"""Proposals for tests: a session, delegates, and one proposal on its way to any state."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from django.utils import timezone

from portal.cases import services as cases
from portal.cases.models import Case, CaseEvent
from portal.organizations.models import Unit
from portal.people.models import User
from tests.factories.organizations import company, make_unit
from tests.factories.people import make_person, make_user
from union.models import (
    CongressSession,
    CongressTerm,
    Delegate,
    Proposal,
    ProposalCategory,
    Second,
)
from union.proposals import services

_names = itertools.count(1)
ONE_DAY = datetime.timedelta(days=1)
TEXTS = {
    "subject": "采煤工作面增设饮水点",
    "reasons": "工作面离最近的饮水点七百米，夏季一班要走三个来回。",
    "measures": "在两巷各设一个保温饮水点，每班由送饭车补水。",
    "phone": "13900000021",
}


def make_session(number: int = 1, term: CongressTerm | None = None) -> CongressSession:
    """Create a session whose collection opened ten days ago and runs for thirty more."""
    today = timezone.localdate()
    term = term or CongressTerm.objects.filter(number=10).first()
    term = term or CongressTerm.objects.create(
        number=10,
        unit=company(),
        starts_on=today - 400 * ONE_DAY,
        ends_on=today + 1_000 * ONE_DAY,
    )
    return CongressSession.objects.create(
        term=term,
        number=number,
        opens_on=today - 10 * ONE_DAY,
        closes_on=today + 30 * ONE_DAY,
        held_on=today + 60 * ONE_DAY,
    )


def make_delegate(
    session: CongressSession, user: User | None = None, unit: Unit | None = None
) -> User:
    """Make an account, a new one by default, a delegate of the term of a session."""
    user = user or make_user("employee", person=make_person(f"代表{next(_names)}"))
    assert user.person is not None
    Delegate.objects.create(
        term=session.term,
        person=user.person,
        unit=unit or user.person.unit or company(),
        valid_from=session.term.starts_on,
    )
    return user


def category(code: str = "conditions") -> ProposalCategory:
    """Return a category of the migration."""
    return ProposalCategory.objects.get(code=code)


class Proposed:
    """One proposal with an account for each party, and as many seconders as needed."""

    def __init__(self, session: CongressSession | None = None, **texts: Any) -> None:
        self.session = session or make_session()
        self.unit = make_unit()
        self.applicant = make_delegate(self.session)
        self.seconders = [make_delegate(self.session) for _number in range(3)]
        self.office = make_user("union_staff")
        self.checker = make_user("union_staff")
        self.chair = make_user("union_chair")
        self.handler = make_user("opinion_handler", unit=self.unit)
        values = {**TEXTS, "category": category(), **texts}
        self.pk = services.start(self.session, self.applicant, values).pk

    @property
    def case(self) -> Case:
        """The case as the database has it now."""
        return Case.objects.select_related("unit", "applicant", "beneficiary", "lead_unit").get(
            pk=self.pk
        )

    @property
    def proposal(self) -> Proposal:
        """The proposal as the database has it now."""
        return Proposal.objects.select_related("case", "session__term").get(pk=self.pk)

    def step(self, transition: str, user: User | None, **values: Any) -> CaseEvent:
        """Take one step."""
        return cases.apply(self.pk, transition, user, values)

    def second_all(self) -> None:
        """Let every seconder second it."""
        for user in self.seconders:
            services.second(self.pk, user)

    def to(self, state: str) -> Case:
        """Take the shortest way from the draft to a state."""
        ways: dict[str, Any] = {
            "draft": lambda: None,
            "collecting": lambda: self.step("submit", self.applicant),
            "review": self._to_review,
            "examined": lambda: self.step("examine", self.office, advice="file"),
            "filed": lambda: self.step("file", self.chair),
            "handling": lambda: self.step(
                "dispatch", self.office, lead=self.unit, helpers=[make_unit()]
            ),
            "replied": lambda: self.step(
                "reply", self.handler, reply="两巷各设一个，十二月十日前完成。", result="solved"
            ),
            "answered": lambda: self.step("approve_reply", self.checker),
            "closed": lambda: self.step(
                "rate", self.applicant, reply_level=5, implementation_level=4
            ),
        }
        asides: dict[str, tuple[str, Any]] = {
            "withdrawn": ("collecting", lambda: self.step("withdraw", self.applicant)),
            "declined": (
                "examined",
                lambda: self.step("decline", self.chair, reason="不属于职代会职权"),
            ),
            "turned": (
                "examined",
                lambda: self.step(
                    "turn", self.chair, turned_to="suggestion", reason="适合作为合理化建议"
                ),
            ),
            "merged": ("examined", self._merge),
        }
        last, aside = asides.get(state, (state, None))
        for reached, forward in ways.items():
            forward()
            if reached == last:
                break
        if aside is not None:
            aside()
        assert self.case.state == state
        return self.case

    def _to_review(self) -> None:
        self.second_all()
        self.step("pass_on", self.office)

    def _merge(self) -> None:
        main = Proposed(self.session, subject="井下饮水点")
        main.to("filed")
        self.step("merge", self.chair, main=main.proposal, reason="内容相同")


def make_proposed() -> Proposed:
    """Create a proposal whose author still writes it."""
    return Proposed()


def make_listed(session: CongressSession, count: int, state: str = "filed") -> list[Proposal]:
    """Create handed-in proposals by the shortest way, for lists; each is seconded once."""
    now = timezone.now()
    before = Proposal.objects.filter(session=session).count()
    proposer, other = make_delegate(session), make_delegate(session)
    mandates = {row.person_id: row for row in session.term.delegates.all()}
    rows = []
    for number in range(before + 1, before + count + 1):
        case = Case.objects.create(
            flow="union-proposal",
            item=f"提案{number}",
            number=session.proposal_number(number),
            state=state,
            sequence=1,
            unit=company(),
            applicant=proposer.person,
            submitted_at=now,
        )
        proposal = Proposal.objects.create(
            case=case,
            session=session,
            category=category(),
            sequence=number,
            proposer=mandates[proposer.person_id or 0],
            reasons="缘由",
            measures="措施",
        )
        Second.objects.create(
            proposal=proposal, delegate=mandates[other.person_id or 0], seconded_at=now
        )
        rows.append(proposal)
    return rows
