"""Boxes and opinions for tests, from the sender to any state."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.utils import timezone

from portal.cases import services as cases
from portal.cases.models import Case, CaseEvent
from portal.organizations.models import Unit
from portal.people.models import User
from tests.factories.organizations import company, make_unit
from tests.factories.people import make_person, make_user
from union.models import (
    FeedbackBoxPage,
    Opinion,
    OpinionCategory,
    OpinionMode,
    UnionIndexPage,
)
from union.opinions.flow import FLOW, INTEGRITY_FLOW

_numbers = itertools.count(1)
TEXT = "夜班食堂只剩冷饭，想请后勤把热餐窗口延长到零点半。"
REPLY = "自十二月一日起，热餐窗口延长到零点半，每晚有人值守。"


def make_box(title: str = "工作与生活", **fields: Any) -> FeedbackBoxPage:
    """Create an open box that takes every category."""
    page = FeedbackBoxPage(
        title=title,
        slug=f"box-{next(_numbers)}",
        who_reads="集团工会办公室",
        audience="public",
        **fields,
    )
    UnionIndexPage.objects.get().add_child(instance=page)
    page.categories.set(OpinionCategory.objects.all())
    page.save()
    return page


def category(code: str = "canteen") -> OpinionCategory:
    """Return a category by its code."""
    return OpinionCategory.objects.get(code=code)


@dataclass
class Handled:
    """One opinion with everybody who works on it.

    Attributes:
        applicant: the sender.
        unit: that is asked to handle it; its handler has no part in other units.
    """

    category_code: str = "canteen"
    mode: str = OpinionMode.NAMED
    may_publish: bool = True
    accused: Unit | None = None
    applicant: User = field(
        default_factory=lambda: make_user("employee", person=make_person("欧阳明远"))
    )
    office: User = field(default_factory=lambda: make_user("union_staff"))
    second: User = field(default_factory=lambda: make_user("union_staff"))
    chair: User = field(default_factory=lambda: make_user("union_chair"))
    unit: Unit = field(default_factory=lambda: make_unit(name="后勤服务中心"))
    pk: Any = None

    def __post_init__(self) -> None:
        """Create the handler of the unit and the two of the discipline inspection."""
        self.handler = make_user("opinion_handler", unit=self.unit)
        self.auditor = make_user("discipline_auditor")
        self.other_auditor = make_user("discipline_auditor")

    @property
    def is_integrity(self) -> bool:
        """Whether it goes to the discipline inspection."""
        return self.category_code == "integrity"

    @property
    def case(self) -> Case:
        """The case as the database has it now."""
        return Case.objects.select_related("unit", "lead_unit", "applicant").get(pk=self.pk)

    @property
    def opinion(self) -> Opinion:
        """The opinion as the database has it now."""
        return Opinion.objects.select_related("category", "case__applicant").get(pk=self.pk)

    def step(self, transition: str, user: User | None, **values: Any) -> CaseEvent:
        """Take one step."""
        return cases.apply(self.pk, transition, user, values)

    def draft(self) -> None:
        """Write the opinion without sending it."""
        named = category(self.category_code)
        box = FeedbackBoxPage.objects.first() or make_box()
        case = cases.open_draft(
            INTEGRITY_FLOW if self.is_integrity else FLOW,
            item=f"{box.title}：{named.name}",
            unit=company(),
            applicant=None if self.mode == OpinionMode.ANONYMOUS else self.applicant.person,
        )
        Opinion.objects.create(
            case=case,
            box=box,
            category=named,
            mode=self.mode,
            text=TEXT,
            may_publish=self.may_publish,
            accused_unit=self.accused,
            received_on=timezone.localdate(),
        )
        self.pk = case.pk

    def dispatch(self, unit: Unit | None = None, **values: Any) -> None:
        """Pass it on to a unit."""
        self.step("dispatch", self.office, lead_unit=unit or self.unit, **values)

    def _ways(self) -> dict[str, Any]:
        decider = self.auditor if self.is_integrity else self.office
        reviewer = self.other_auditor if self.is_integrity else self.second
        ways: dict[str, Any] = {
            "received": lambda: self.step("submit", self.applicant),
            "accepted": lambda: self.step("accept", decider),
        }
        if self.is_integrity:
            ways["reviewing"] = lambda: self.step("reply_self", self.auditor, reply=REPLY)
        else:
            ways["handling"] = self.dispatch
            ways["reviewing"] = lambda: self.step("reply", self.handler, reply=REPLY)
        ways["answered"] = lambda: self.step("review_reply", reviewer)
        ways["closed"] = lambda: self.step("rate", self.applicant, level=4)
        return ways

    def to(self, state: str) -> Case:
        """Take the shortest way to a state."""
        self.draft()
        if state == "declined":
            self.step("submit", self.applicant)
            decider = self.auditor if self.is_integrity else self.office
            self.step("decline", decider, reason="请找劳动仲裁。", ground="elsewhere")
        elif state != "draft":
            for reached, forward in self._ways().items():
                forward()
                if reached == state:
                    break
        assert self.case.state == state
        return self.case


def make_handled() -> Handled:
    """Create an ordinary opinion that was not written yet."""
    return Handled()


def make_integrity_report() -> Handled:
    """Create an integrity report that was not written yet."""
    return Handled("integrity")


def post_step(client: Client, handled: Handled, step: str, **values: Any) -> Any:
    """Take a step on the page of a case, as a browser does with what the form hides."""
    address = f"/cases/{handled.pk}/steps/{step}/"
    text = client.get(address).content.decode()
    hidden = dict(re.findall(r'name="(seen|key)" value="([^"]+)"', text))
    return client.post(address, {**hidden, **values})
