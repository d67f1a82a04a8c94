"""A small flow for tests of the case machine, and cases in it. Nothing of it exists in production.

Asked for by an applicant, looked at by a clerk, decided by somebody else, rated and closed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from portal.archives.sources import ContentPart
from portal.cases import beside, services
from portal.cases.flow import (
    PREVIOUS,
    Clock,
    ClockAction,
    Context,
    DayKind,
    Effect,
    Flow,
    Guard,
    Party,
    PartyKind,
    State,
    Step,
    Transition,
    registry,
)
from portal.cases.models import Case, CaseEvent, Rating
from portal.cases.numbers import next_number
from portal.cases.refusals import ConditionNotMet
from portal.cases.tracking import issue_code
from portal.organizations.models import Unit
from portal.people.models import Person, User
from tests.factories.organizations import company
from tests.factories.people import IDENTITY_NUMBERS, make_person, make_user

FLOW = "test-matter"
CLERK, DECIDER = "veterans_officer", "union_chair"
START, PAUSE, RESUME, STOP = (
    ClockAction.START,
    ClockAction.PAUSE,
    ClockAction.RESUME,
    ClockAction.STOP,
)


def _hand_in(context: Context) -> None:
    case = context.case
    case.number = next_number("CS", context.today)
    if case.beneficiary is not None:
        case.tracking_tail = case.beneficiary.identity_number[-4:]
    issue_code(case)


def _rate(context: Context) -> None:
    Rating.objects.create(
        case=context.case,
        level=context.values["level"],
        words=context.values.get("words", ""),
        given_at=context.now,
        changed_at=context.now,
    )


def _not_in_lunch(context: Context) -> None:
    if context.case.item == "午休":
        raise ConditionNotMet("请先等午休结束。")


def _file(case: Case, events: list[CaseEvent]) -> dict[str, Any]:
    return {"people": [case.applicant.name if case.applicant else ""], "steps": len(events)}


def _parts(content: dict[str, Any]) -> list[ContentPart]:
    return [ContentPart("process", "办理", f"{content['steps']} 步")]


MATTER = Flow(
    code=FLOW,
    name="测试事项",
    prefix="CS",
    parties=(
        Party("applicant", "申请人", PartyKind.APPLICANT, turn="您"),
        Party("clerk", "经办", roles=(CLERK,), turn="服务站受理"),
        Party("decider", "决定", roles=(DECIDER,), turn="领导审批"),
        Party("system", "系统", PartyKind.SYSTEM, turn="系统"),
    ),
    states=(
        State("draft", "草稿", "applicant", "请填完后提交。", step="hand-in", tone=""),
        State("submitted", "已提交", "clerk", "您不用做什么，请等通知。", "answer", "look"),
        State(
            "correcting",
            "补正中",
            "applicant",
            "请按要求补正。",
            "correct",
            "correct",
            tone="amber",
        ),
        State("decided", "待审批", "decider", "您不用做什么，请等通知。", "answer", "decide"),
        State("told", "已告知", "applicant", "请看结果并评价。", "rating", "close", tone="green"),
        State("closed", "已办结", final=True, outcome="事情办完了。", step="close", tone="green"),
        State("withdrawn", "已撤回", final=True, outcome="申请已撤回。", tone=""),
    ),
    steps=(
        Step("hand-in", "提交"),
        Step("correct", "补正材料"),
        Step("look", "受理"),
        Step("decide", "审批"),
        Step("close", "告知结果"),
    ),
    transitions=(
        Transition(
            "submit",
            "提交",
            ("draft",),
            "submitted",
            ("applicant",),
            effects=(Effect("number", "编受理编号。", _hand_in),),
            clocks=(("answer", START),),
            applicant_reads="您提交了申请。",
        ),
        Transition(
            "ask",
            "要求补正",
            ("submitted", "decided"),
            "correcting",
            ("clerk",),
            clocks=(("answer", PAUSE), ("correct", START)),
            fields=("reason", "note"),
            applicant_reads="退回补正",
            tone="quiet",
            clause="一次告知",
        ),
        Transition(
            "correct",
            "交补正材料",
            ("correcting",),
            PREVIOUS,
            ("applicant",),
            clocks=(("correct", STOP), ("answer", RESUME)),
            applicant_reads="材料补齐",
        ),
        Transition(
            "pass_on",
            "报领导审批",
            ("submitted",),
            "decided",
            ("clerk",),
            guards=(Guard("lunch", "不在午休。", _not_in_lunch),),
            batch_clause="核对材料可以成批办理",
            applicant_reads="材料齐全，已受理。",
        ),
        Transition(
            "decide",
            "作出决定",
            ("decided",),
            "told",
            ("decider",),
            distinct_from=("pass_on",),
            clocks=(("answer", STOP), ("rating", START)),
            applicant_reads="有结果了。",
        ),
        Transition(
            "refuse",
            "不予通过",
            ("submitted", "decided"),
            "told",
            ("decider",),
            distinct_from=("pass_on",),
            clocks=(("answer", STOP), ("rating", START)),
            applicant_reads="没有通过。",
            tone="danger",
            is_work=False,
        ),
        Transition(
            "rate",
            "评价",
            ("told",),
            "closed",
            ("applicant",),
            effects=(Effect("rating", "记下评价。", _rate),),
            clocks=(("rating", STOP),),
            fields=("level", "words"),
            applicant_reads="您作了评价。",
        ),
        Transition(
            "close",
            "办结",
            ("told",),
            "closed",
            ("system",),
            clocks=(("rating", STOP),),
            applicant_reads="已自动办结。",
        ),
        Transition(
            "withdraw",
            "撤回申请",
            ("submitted", "correcting", "decided"),
            "withdrawn",
            ("applicant",),
            clocks=(("answer", STOP), ("correct", STOP)),
            applicant_reads="您撤回了申请。",
            tone="danger",
            is_work=False,
        ),
    ),
    clocks=(
        Clock(
            "answer",
            "答复期限",
            lambda _case, _subject: 10,
            clause="测试办法第三条",
            extension=5,
            extension_clause="测试办法第四条：可以延长一次",
        ),
        Clock("correct", "补正期限", lambda _case, _subject: 15, of_applicant=True),
        Clock(
            "rating",
            "评价期限",
            lambda _case, _subject: 15,
            DayKind.CALENDAR,
            of_applicant=True,
            then="close",
        ),
    ),
    initial="draft",
    subject_of=lambda _case: None,
    case_file=_file,
    case_parts=_parts,
    archive_kind=("test-matter-case", "测试案卷"),
    readers=("discipline_auditor",),
    leaders=(DECIDER,),
    phone=lambda _case: "0350-1234567",
    draft_address=lambda case: f"/drafts/{case.pk}/",
)


@contextmanager
def registered(*tables: Flow) -> Iterator[None]:
    """Register flows for a while."""
    before = dict(registry._flows)
    for table in tables:
        registry.register_flow(table)
    try:
        yield
    finally:
        registry._flows.clear()
        registry._flows.update(before)


class Matter:
    """One case of the small flow, with an account for each party."""

    def __init__(self, unit: Unit | None = None, item: str = "测试事项") -> None:
        free = (
            number
            for number in IDENTITY_NUMBERS
            if not Person.objects.with_identity_number(number).exists()
        )
        self.applicant = make_user(
            "employee", person=make_person("欧阳明远", identity_number=next(free))
        )
        self.clerk = make_user(CLERK)
        self.decider = make_user(DECIDER)
        draft = services.open_draft(
            FLOW, item=item, unit=unit or company(), applicant=self.applicant.person
        )
        self.pk = draft.pk

    @property
    def case(self) -> Case:
        """The case as the database has it now."""
        return Case.objects.select_related("unit", "applicant", "beneficiary").get(pk=self.pk)

    def step(self, transition: str, user: User | None, **values: Any) -> CaseEvent:
        """Take one step."""
        return services.apply(self.pk, transition, user, values)

    def new_code(self) -> str:
        """Return a tracking code that opens the case."""
        return beside.new_tracking_code_of(self.pk, self.applicant)

    def to(self, state: str) -> Case:
        """Take the shortest way from the draft to a state."""
        ways: dict[str, list[tuple[str, User, dict[str, Any]]]] = {
            "draft": [],
            "submitted": [("submit", self.applicant, {})],
            "decided": [("pass_on", self.clerk, {})],
            "told": [("decide", self.decider, {})],
            "closed": [("rate", self.applicant, {"level": 5})],
        }
        aside: dict[str, tuple[str, tuple[str, User, dict[str, Any]]]] = {
            "correcting": ("submitted", ("ask", self.clerk, {"reason": "缺身份证复印件"})),
            "withdrawn": ("submitted", ("withdraw", self.applicant, {})),
        }
        last = aside[state][0] if state in aside else state
        for reached, steps in ways.items():
            for code, user, values in steps:
                self.step(code, user, **values)
            if reached == last:
                break
        if state in aside:
            code, user, values = aside[state][1]
            self.step(code, user, **values)
        return self.case


def make_submitted(count: int, unit: Unit | None = None, days: int = 5) -> list[Case]:
    """Create submitted cases of the small flow by the shortest way, for lists."""
    now = timezone.now()
    unit = unit or company()
    person = make_person("林晓岚")
    before = Case.objects.filter(flow=FLOW).count()
    return Case.objects.bulk_create(
        Case(
            flow=FLOW,
            item="测试事项",
            number=f"CS-2026-9{before + number:06d}",
            state="submitted",
            sequence=1,
            unit=unit,
            applicant=person,
            beneficiary=person,
            submitted_at=now,
            due_on=timezone.localdate(now) + datetime.timedelta(days=days),
        )
        for number in range(count)
    )
