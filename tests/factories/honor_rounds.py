"""Honors rounds for tests: a title, everybody who takes part, and the way to any state."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from honors.models import (
    Investigation,
    Nomination,
    NominationState,
    Round,
    RoundPart,
    Title,
)
from honors.rounds import examining, judging, nominating, objections, preparing
from portal.cases import services as cases
from portal.cases.models import Case, CaseEvent
from portal.organizations.models import UnitKind
from portal.people.models import Person, User
from portal.public_notices.models import Objection, PublicNotice
from portal.public_notices.services import answer_objection, end_due_notices, raise_objection
from tests.factories.organizations import make_unit, party_committee
from tests.factories.people import make_person, make_user

ONE_DAY = datetime.timedelta(days=1)
DEEDS = "三年零违章，带出四名徒弟，全年查出隐患三十七条并全部整改，主动承担夜班带班任务。"
FINDINGS = "调阅了考勤和安全台账，询问了三名职工，反映的情况不属实。"


def title_of(code: str = "excellent-member") -> Title:
    """Return a title of the migration."""
    return Title.objects.get(code=code)


def open_title(**fields: Any) -> Title:
    """Return the title of persons without bounds that a small round cannot meet."""
    title = title_of()
    for name, value in {"front_line_share": None, "by_self": True, **fields}.items():
        setattr(title, name, value)
    title.save()
    return title


class Judged:
    """One round with an account for each party; steps and shortest ways."""

    def __init__(self, title: Title | None = None, **fields: Any) -> None:
        party_committee()
        self.title = title or open_title()
        self.office, self.colleague = make_user("party_staff"), make_user("party_staff")
        self.committee = make_user("party_approver")
        self.unit = make_unit(name="测试采煤队", code=f"U{self.office.pk}")
        self.branch = make_unit(UnitKind.PARTY_BRANCH)
        self.secretary = make_user("branch_secretary", unit=self.branch)
        self.judges = [make_user("employee") for _number in range(4)]
        self.speakers = {
            RoundPart.DISCIPLINE.value: make_user("discipline_auditor"),
            RoundPart.SAFETY.value: make_user("employee"),
        }
        self.nominator = make_user("employee")
        self.nominee = make_user("employee", person=make_person("薛大勇", unit=self.unit))
        # Who the machine's generated tests take for the one a case is about.
        self.applicant = self.nominee
        self.values = {
            "title": self.title,
            "year": 2026,
            "requirements": "请附事迹材料。",
            "closes_on": timezone.localdate() + 5 * ONE_DAY,
            "phone": "0000-1234",
            "address": "",
            "seats": 2,
            "quota": 2,
            **fields,
        }
        self.pk: Any = None

    @property
    def case(self) -> Case:
        """The case as the database has it now."""
        return Case.objects.select_related("unit").get(pk=self.pk)

    @property
    def round(self) -> Round:
        """The round as the database has it now."""
        return Round.objects.select_related("case__unit", "title").get(pk=self.pk)

    @property
    def notice(self) -> PublicNotice:
        """The newest public notice of the round."""
        found = PublicNotice.objects.filter(owner_id=str(self.pk)).order_by("-starts_on", "-pk")
        return found[0]

    @property
    def members(self) -> dict[str, list[Person]]:
        """Judges and speakers by part."""
        named = {part: [_person(user)] for part, user in self.speakers.items()}
        return {"judge": [_person(user) for user in self.judges], **named}

    def step(self, code: str, user: User | None, **values: Any) -> CaseEvent:
        """Take one step of the round."""
        return cases.apply(self.pk, code, user, values)

    # ---- the way

    def prepare(self) -> None:
        """Write the round and lay it before the committee."""
        self.pk = preparing.prepare(self.office, self.values, self.members, {}).pk

    def draft(self) -> None:
        """Write the round alone, as it is for a moment before it is laid before anybody."""
        unit = preparing.responsible_unit()
        case = cases.open_draft("honor-round", item="评选", unit=unit, applicant=None)
        self.pk = case.pk
        fields = {name: value for name, value in self.values.items() if name != "quota"}
        Round.objects.create(case=case, terms={"quota": 2}, **fields)

    def open(self) -> None:
        """Publish the notice."""
        self.step("open", self.committee)

    def nominate(
        self, nominee: User | None = None, by: User | None = None, **values: Any
    ) -> Nomination:
        """Nominate a person and hand it in to the branch."""
        nominee, by = nominee or self.nominee, by or self.nominator
        given = {
            "kind": "other",
            "person": nominee.person,
            "subject_name": "",
            "branch": self.branch,
            "brief": "三年零违章，全年查出隐患三十七条",
            "deeds": DEEDS,
            **values,
        }
        made = nominating.save_draft(self.pk, by, given)
        return nominating.hand_in(made.pk, by)

    def recommend(self, nomination: Nomination, **values: Any) -> Nomination:
        """Let the branch recommend."""
        given = {
            "recommends": True,
            "assembly_on": timezone.localdate(),
            "attended": 20,
            "agreed": 18,
            "branch_opinion": "同意推荐。",
            **values,
        }
        return nominating.assess(nomination.pk, self.secretary, given)

    def close(self) -> None:
        """Let the last day pass and close the nominations."""
        Round.objects.filter(pk=self.pk).update(closes_on=timezone.localdate() - ONE_DAY)
        self.step("close_nominations", self.office)

    def speak(self, nomination: Nomination, verdict: str = "agreed", words: str = "") -> None:
        """Let every department say the same."""
        for part, user in self.speakers.items():
            examining.give_opinion(nomination.pk, user, part, verdict, words)

    def examine(self, nomination: Nomination, decision: str = "eligible", **values: Any) -> Any:
        """Let the office examine."""
        criteria = range(len(self.round.terms["criteria"]))
        given = {"criteria": list(criteria), "vetoes": [], "reason": "", **values}
        return examining.examine(nomination.pk, self.office, {**given, "decision": decision})

    def score(self, nomination: Nomination, share: int = 100) -> None:
        """Let every judge give the same share of every line, in per cent."""
        lines = self.round.terms["lines"]
        for judge in self.judges:
            points = [round(points * share / 100) for _name, points, _guidance in lines]
            judging.score(nomination.pk, judge, points)

    def vote(self, *yes: int) -> None:
        """Record a ballot in which nobody abstains; yes votes in the order of nominations."""
        rows = list(self.round.nominations.filter(state=NominationState.ELIGIBLE))
        given = [*yes, *[4] * (len(rows) - len(yes))]
        self.step(
            "end_judging",
            self.office,
            ballot_on=timezone.localdate(),
            ballots=4,
            tellers="任监票、计票员",
            counts={
                row.pk: [votes, 4 - votes - row.recusals.count(), 0]
                for row, votes in zip(rows, given, strict=True)
            },
        )

    def propose(self, *winners: Nomination) -> None:
        """Put nominations on the list; all that are eligible without any."""
        rows = list(winners) or list(self.round.nominations.filter(state=NominationState.ELIGIBLE))
        self.step("propose", self.office, winners=rows)

    def approve(self) -> None:
        """Approve the list, which is published for objections."""
        today = timezone.localdate()
        self.step("approve_list", self.committee, meeting="党委会", meeting_on=today)

    def object(self, user: User | None = None) -> Objection:
        """Let somebody object."""
        reason = "名单中的同志去年九月有一次违章记录，请核实后再定。"
        return raise_objection(self.notice, user or make_user("employee"), reason)

    def investigate(
        self, objection: Objection, nomination: Nomination | None = None
    ) -> Investigation:
        """Write down what was found; with a nomination it falls."""
        return objections.investigate(
            objection.pk,
            self.colleague,
            investigators="周立本、何静",
            findings=FINDINGS,
            affects=nomination is not None,
            nomination=nomination,
        )

    def answer(self, objection: Objection, *, upheld: bool = False) -> None:
        """Answer an objection."""
        decision = "upheld" if upheld else "dismissed"
        answer_objection(objection.pk, self.colleague, decision, "经核查，情况如上所述。")

    def end_notice(self) -> None:
        """Let the public notice run its days; the daily job ends it."""
        end_due_notices(timezone.localdate() + 40 * ONE_DAY)

    def draft_decision(self) -> None:
        """Draft the decision."""
        self.step(
            "draft_decision",
            self.office,
            decision_number="测党发〔2026〕33号",
            decision_title="关于表彰2026年度优秀共产党员的决定",
            decided_on=timezone.localdate(),
        )

    def confer(self) -> None:
        """Publish the decision and grant the awards."""
        self.step("confer", self.committee)

    def _examined(self) -> None:
        nomination = self.recommend(self.nominate())
        self.close()
        self.speak(nomination)
        self.examine(nomination)

    def _judged(self) -> None:
        for nomination in self.round.nominations.filter(state=NominationState.ELIGIBLE):
            self.score(nomination, 90)
        self.vote()

    def _uphold(self) -> None:
        objection = self.object()
        self.investigate(objection, self.round.nominations.chosen().get())
        self.answer(objection, upheld=True)

    def to(self, state: str) -> Case:
        """Take the shortest way to a state."""
        if state == "draft":
            self.draft()
            return self.case
        ways: dict[str, Any] = {
            "prepared": self.prepare,
            "nominating": self.open,
            "examining": self._examined,
            "judging": lambda: self.step("open_judging", self.office),
            "proposing": self._judged,
            "listed": self.propose,
            "on_notice": self.approve,
            "noticed": self.end_notice,
            "decision_drafted": self.draft_decision,
            "awarded": self.confer,
        }
        asides: dict[str, tuple[str, Any]] = {
            "drafting": (
                "prepared",
                lambda: self.step("send_back", self.committee, reason="请把名额写清楚"),
            ),
            "objected": ("on_notice", self.object),
            "called_off": (
                "nominating",
                lambda: self.step("call_off", self.committee, reason="评选办法有变"),
            ),
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


def _person(user: User) -> Person:
    assert user.person is not None
    return user.person


class Named(Judged):
    """A round in which somebody is nominated in every state, for tests of who stands aside."""

    def to(self, state: str) -> Case:
        """Take the shortest way to a state; a draft nomination stands where none is handed in."""
        case = super().to(state)
        if not self.round.nominations.exists():
            Nomination.objects.create(
                round=self.round,
                kind="other",
                subject_name=str(self.nominee.person),
                subject_key=f"person:{self.nominee.person_id}",
                person=self.nominee.person,
                unit=self.unit,
                branch=self.branch,
                brief="草稿",
                deeds=DEEDS,
                nominated_by=self.nominator,
            )
        return case


def make_judged() -> Named:
    """Create the people of a round that nobody wrote yet, with somebody to be nominated."""
    return Named()
