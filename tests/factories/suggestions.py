"""Suggestions for improvement for tests, on their way to any state."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from portal.cases import services as cases
from portal.cases.models import Case, CaseEvent
from portal.people.models import User
from tests.factories.organizations import company
from tests.factories.people import make_person, make_user
from union.models import ScoreCriterion, Suggestion, SuggestionClass
from union.suggestions import services

TEXTS: dict[str, Any] = {
    "title": "井口热水器加挡板",
    "present": "热水器出口正对着人，冬天接水时常常烫手。",
    "measures": "在出口加一块斜挡板，材料三元，当天可以装上。",
    "expected": "接水不再烫手，不花钱。",
    "expected_benefit": None,
    "done_already": False,
    "numbers": [],
}
POINTS = {"technique": 20, "benefit": 25, "application": 15, "practicality": 18}


def suggestion_class(code: str = "safety") -> SuggestionClass:
    """Return a class of the migration."""
    return SuggestionClass.objects.get(code=code)


class Suggested:
    """One suggestion with an account for each party and two scorers."""

    def __init__(self, **texts: Any) -> None:
        self.applicant = make_user("employee", person=make_person("柴俊杰"))
        self.reviewer = make_user("opinion_handler")
        self.office = make_user("union_staff")
        self.scorers = [make_user("party_staff"), make_user("union_staff")]
        self.chair = make_user("union_chair")
        values = {**TEXTS, "suggestion_class": suggestion_class(), **texts}
        self.pk = services.save(self.applicant, company(), values).pk

    @property
    def case(self) -> Case:
        """The case as the database has it now."""
        return Case.objects.select_related("unit", "applicant", "beneficiary").get(pk=self.pk)

    @property
    def suggestion(self) -> Suggestion:
        """The suggestion as the database has it now."""
        return Suggestion.objects.select_related("case").get(pk=self.pk)

    def step(self, transition: str, user: User | None, **values: Any) -> CaseEvent:
        """Take one step."""
        return cases.apply(self.pk, transition, user, values)

    def score_all(self, points: dict[str, int] | None = None) -> None:
        """Let both scorers score it."""
        for scorer in self.scorers:
            services.score(self.pk, scorer, points or POINTS)

    def _award(self) -> None:
        self.score_all()
        self.step("award", self.chair)

    def _close(self) -> None:
        self.score_all({row.code: 0 for row in ScoreCriterion.objects.all()})
        self.step("close_without", self.chair, reason="得分未达到奖励等级")

    def to(self, state: str) -> Case:
        """Take the shortest way from the draft to a state."""
        ways: dict[str, Any] = {
            "draft": lambda: None,
            "submitted": lambda: self.step("submit", self.applicant),
            "adopted": lambda: self.step("adopt", self.reviewer, reason="可行"),
            "implemented": lambda: self.step("report_done", self.reviewer, reason="已装好"),
            "verified": lambda: self.step(
                "verify",
                self.office,
                verified_benefit=Decimal("120000.00"),
                verification="十月现场查看，三个月没有再烫伤。",
            ),
            "awarded": self._award,
        }
        asides: dict[str, tuple[str, Any]] = {
            "deferred": (
                "submitted",
                lambda: self.step("defer", self.reviewer, reason="缺测算数据"),
            ),
            "declined": (
                "submitted",
                lambda: self.step("decline", self.reviewer, reason="已在改造计划中"),
            ),
            "withdrawn": ("submitted", lambda: self.step("withdraw", self.applicant)),
            "closed": ("verified", self._close),
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


def make_suggested() -> Suggested:
    """Create a suggestion whose author still writes it."""
    return Suggested()
