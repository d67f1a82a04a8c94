"""Who may apply: each rule asked in turn, with the answer in words."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from veterans.standards.answer_fields import Answers
from veterans.standards.content import Rule, Standard
from veterans.standards.vocabulary import field, values


class Outcome(enum.StrEnum):
    """What became of one rule, or of all of them together."""

    PASSED = "passed"
    FAILED = "failed"
    MANUAL = "manual"


@dataclass(frozen=True)
class RuleResult:
    """What one rule says of an applicant.

    Attributes:
        message: the sentence for the applicant: what is fulfilled, or the reason why not.
        clause: where the standard says so.
    """

    rule_id: int
    title: str
    outcome: Outcome
    message: str
    clause: str
    field: str


def check_standard(standard: Standard, answers: Answers, on: datetime.date) -> list[RuleResult]:
    """Return the result of every rule that applies to these answers.

    Args:
        on: the day that years and ages are counted to, the day of the application.
    """
    known = values(standard.relevant(answers, on))
    results = []
    for rule in standard.rules:
        applies = rule.when.holds(known, on)
        if applies is False:
            continue
        holds = rule.test.holds(known, on) if applies else None
        results.append(_result(rule, holds))
    return results


def _result(rule: Rule, holds: bool | None) -> RuleResult:
    if holds is None:
        outcome = Outcome.MANUAL
        label = str(field(rule.test.field).label).rstrip("？?")
        message = _("“%(question)s” was not answered, so the service station will check it.") % {
            "question": label
        }
    elif holds:
        outcome, message = Outcome.PASSED, rule.met or rule.title
    elif rule.refuses:
        outcome, message = Outcome.FAILED, rule.unmet
    else:
        outcome, message = Outcome.MANUAL, rule.unmet
    return RuleResult(rule.id, rule.title, outcome, message, rule.clause, rule.test.field)


def verdict(results: Iterable[RuleResult]) -> Outcome:
    """Return what the results come to: one failure excludes, one doubt needs a person."""
    outcomes = {result.outcome for result in results}
    if Outcome.FAILED in outcomes:
        return Outcome.FAILED
    return Outcome.MANUAL if Outcome.MANUAL in outcomes else Outcome.PASSED
