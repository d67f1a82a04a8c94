"""Whether a vote is opened and whether it carries, explained rule by rule.

Nothing here reads the database but `rules_of`: numbers and rules go in, words come out.
Source of the arithmetic: section 2.3 of the domain facts; the rules are rows with their clause.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from branches.models.minutes import Vote, VoteBase, VoteRule, VoteStep


@dataclass(frozen=True)
class Tally:
    """The numbers of a vote, in people: should vote, present, in favour, against, abstained."""

    should: int
    present: int
    yes: int = 0
    no: int = 0
    abstain: int = 0

    @property
    def given(self) -> int:
        """How many votes were given, abstentions included."""
        return self.yes + self.no + self.abstain


class Result(enum.Enum):
    """What became of a vote."""

    CARRIED = "carried"
    REJECTED = "rejected"
    NOT_OPENED = "not-opened"

    @property
    def words(self) -> Any:
        """The result in words."""
        return _RESULTS[self]

    @property
    def tone(self) -> str:
        """The tone of the words."""
        return {"carried": "green", "rejected": "amber", "not-opened": "red"}[self.value]


_RESULTS = {
    Result.CARRIED: pgettext_lazy("vote", "Carried"),
    Result.REJECTED: pgettext_lazy("vote", "Not carried"),
    Result.NOT_OPENED: pgettext_lazy("vote", "Not opened"),
}


@dataclass(frozen=True)
class Finding:
    """One rule and whether it is met, with the numbers in words."""

    is_met: bool
    words: str
    clause: str
    is_unverified: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a vote and why."""

    result: Result
    findings: tuple[Finding, ...]

    @property
    def why(self) -> str:
        """The rules in words, one after the other."""
        return "".join(finding.words for finding in self.findings)


def reaches(count: int, base: int, rule: VoteRule) -> bool:
    """Whether so many of a base are enough; whole numbers only, so nothing is rounded."""
    left, right = count * rule.denominator, base * rule.numerator
    return left > right if rule.strictly else left >= right


def least(base: int, rule: VoteRule) -> int:
    """Return the smallest number that is enough."""
    exact, rest = divmod(base * rule.numerator, rule.denominator)
    return exact + 1 if rule.strictly or rest else exact


def problems(tally: Tally, *, is_open: bool) -> list[str]:
    """Return what does not add up, one sentence each.

    Args:
        is_open: whether enough were there to vote at all.
    """
    found = []
    if tally.should < 1:
        found.append(_("Nobody on the list has a vote, so nothing can be voted on."))
    if tally.present > tally.should:
        found.append(
            _("%(present)d are said to be present, but only %(should)d have a vote.")
            % {"present": tally.present, "should": tally.should}
        )
    if not is_open:
        if tally.given:
            found.append(
                _(
                    "Too few are present, so no vote may be taken. Leave the three numbers empty: "
                    "it is recorded that the vote was not opened."
                )
            )
    elif tally.given != tally.present:
        found.append(
            _(
                "In favour, against and abstained are %(given)d together, "
                "but %(present)d were present."
            )
            % {"given": tally.given, "present": tally.present}
        )
    return found


def outcome(tally: Tally, rules: Iterable[VoteRule]) -> Outcome:
    """Return what became of a vote under the rules of its kind, with the reasons in words."""
    by_step = {rule.step: rule for rule in rules}
    findings = []
    opening = by_step.get(VoteStep.OPEN)
    if opening is not None:
        findings.append(_opening(tally, opening))
        if not findings[-1].is_met:
            return Outcome(Result.NOT_OPENED, tuple(findings))
    carrying = by_step.get(VoteStep.PASS)
    if carrying is not None:
        findings.append(_carrying(tally, carrying))
    met = all(finding.is_met for finding in findings)
    return Outcome(Result.CARRIED if met else Result.REJECTED, tuple(findings))


def _opening(tally: Tally, rule: VoteRule) -> Finding:
    is_met = reaches(tally.present, tally.should, rule)
    words = (
        _(
            "%(present)d of %(should)d who have a vote are present; "
            "at least %(least)d are needed: enough."
        )
        if is_met
        else _(
            "%(present)d of %(should)d who have a vote are present; "
            "at least %(least)d are needed: too few, so the vote was not opened."
        )
    )
    values = {
        "present": tally.present,
        "should": tally.should,
        "least": least(tally.should, rule),
    }
    return Finding(is_met, words % values, rule.clause, rule.is_unverified)


def _carrying(tally: Tally, rule: VoteRule) -> Finding:
    base = tally.should if rule.base == VoteBase.SHOULD else tally.present
    is_met = reaches(tally.yes, base, rule)
    values = {"yes": tally.yes, "base": base, "least": least(base, rule)}
    if rule.base == VoteBase.SHOULD:
        words = (
            _("%(yes)d in favour of %(base)d who should vote; %(least)d are needed: carried.")
            if is_met
            else _(
                "%(yes)d in favour of %(base)d who should vote; %(least)d are needed: not carried."
            )
        )
    else:
        words = (
            _("%(yes)d in favour of %(base)d present; %(least)d are needed: carried.")
            if is_met
            else _("%(yes)d in favour of %(base)d present; %(least)d are needed: not carried.")
        )
    return Finding(is_met, words % values, rule.clause, rule.is_unverified)


def is_open(tally: Tally, rules: Iterable[VoteRule]) -> bool:
    """Whether enough are there to vote."""
    return all(
        reaches(tally.present, tally.should, rule) for rule in rules if rule.step == VoteStep.OPEN
    )


def tally_of(vote: Vote) -> Tally:
    """Return the numbers of a recorded vote."""
    return Tally(vote.should, vote.present, vote.yes, vote.no, vote.abstain)


def rules_of(subject: str) -> list[VoteRule]:
    """Return the rules of a kind of vote, by one query."""
    return list(VoteRule.objects.filter(subject=subject))


def outcomes(votes: Iterable[Vote]) -> list[tuple[Vote, Outcome]]:
    """Return recorded votes with what became of them, by one query."""
    found = list(votes)
    rules = list(VoteRule.objects.all()) if found else []
    return [
        (vote, outcome(tally_of(vote), [rule for rule in rules if rule.subject == vote.subject]))
        for vote in found
    ]
