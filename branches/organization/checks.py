"""What the rules of structure say of a branch, in words with the clause. Nothing is forbidden.

Pure: facts and rules in, findings out.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from branches.dates import ONE_DAY, in_words
from branches.models import RuleCode, StructureRule
from portal.workdays.periods import months_later


@dataclass(frozen=True)
class Facts:
    """What is counted of a branch on a day.

    Attributes:
        members: probationary ones included.
        full: full members.
        committee: people on the committee; 0 where there is only a secretary or a deputy.
        groups: name and number of members of each group.
        term: first day, last day by the rules, approved extension; None where none is known.
    """

    members: int
    full: int
    committee: int
    has_secretary: bool
    groups: tuple[tuple[str, int], ...] = ()
    term: tuple[datetime.date, datetime.date, datetime.date | None] | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit a rule."""

    code: str
    words: str
    clause: str
    is_serious: bool
    is_unverified: bool = False


def findings(
    facts: Facts, rules: Mapping[str, StructureRule], today: datetime.date
) -> list[Finding]:
    """Return what does not fit, serious things first.

    Args:
        rules: those of the kind of organization by their code; what is missing is not checked.
    """
    found = []
    for code, check in _CHECKS.items():
        rule = rules.get(code)
        if rule is None:
            continue
        for words, serious in check(facts, rule, today):
            found.append(Finding(code, words, rule.clause, serious, rule.is_unverified))
    return sorted(found, key=lambda one: not one.is_serious)


_Found = Iterator[tuple[str, bool]]


def _too_few(facts: Facts, rule: StructureRule, today: datetime.date) -> _Found:
    if rule.low is not None and facts.full < rule.low:
        yield (
            _("%(count)d full members, fewer than %(low)d: please form a joint branch.")
            % {"count": facts.full, "low": rule.low},
            rule.is_serious,
        )


def _too_many(facts: Facts, rule: StructureRule, today: datetime.date) -> _Found:
    if rule.high is not None and facts.members > rule.high:
        yield (
            _("%(count)d members, more than %(high)d: please think of splitting the branch.")
            % {"count": facts.members, "high": rule.high},
            rule.is_serious,
        )


def _no_committee(facts: Facts, rule: StructureRule, today: datetime.date) -> _Found:
    if rule.low is not None and facts.full >= rule.low and not facts.committee:
        yield (
            _("%(count)d full members and no committee: from %(low)d on a branch has one.")
            % {"count": facts.full, "low": rule.low},
            rule.is_serious,
        )


def _committee_size(facts: Facts, rule: StructureRule, today: datetime.date) -> _Found:
    size = facts.committee
    if not size:
        return
    values = {"count": size, "low": rule.low, "usual": rule.usual, "high": rule.high}
    if rule.low is not None and size < rule.low:
        yield _("The committee has %(count)d people, fewer than %(low)d.") % values, rule.is_serious
    elif rule.high is not None and size > rule.high:
        yield _("The committee has %(count)d people, more than %(high)d.") % values, True
    elif rule.usual is not None and size > rule.usual:
        yield (
            _("The committee has %(count)d people; usually %(low)d to %(usual)d.") % values,
            rule.is_serious,
        )


def _no_secretary(facts: Facts, rule: StructureRule, today: datetime.date) -> _Found:
    if not facts.has_secretary:
        yield _("The branch has no secretary: please elect one."), rule.is_serious


def _group_size(facts: Facts, rule: StructureRule, today: datetime.date) -> _Found:
    for name, count in facts.groups:
        if rule.low is not None and count < rule.low:
            yield (
                _("“%(group)s” has %(count)d members, fewer than %(low)d.")
                % {"group": name, "count": count, "low": rule.low},
                rule.is_serious,
            )


def _term(facts: Facts, rule: StructureRule, today: datetime.date) -> _Found:
    if facts.term is None:
        yield _("No term is written down."), rule.is_serious
    elif rule.high is not None and facts.term[1] > months_later(facts.term[0], rule.high) - ONE_DAY:
        yield (
            _("The term is longer than %(months)d months.") % {"months": rule.high},
            rule.is_serious,
        )


def _extension(facts: Facts, rule: StructureRule, today: datetime.date) -> _Found:
    if facts.term is None or facts.term[2] is None or rule.high is None:
        return
    if facts.term[2] > months_later(facts.term[1], rule.high):
        yield (
            _("The extension is longer than %(months)d months.") % {"months": rule.high},
            rule.is_serious,
        )


def _ends_on(facts: Facts) -> datetime.date | None:
    return None if facts.term is None else facts.term[2] or facts.term[1]


def _election(facts: Facts, rule: StructureRule, today: datetime.date) -> _Found:
    ends_on = _ends_on(facts)
    if ends_on is None or rule.high is None or today > ends_on:
        return
    if today >= months_later(ends_on, -rule.high):
        yield (
            _("The term ends on %(day)s: please prepare the election.")
            % {"day": in_words(ends_on)},
            rule.is_serious,
        )


def _overdue(facts: Facts, rule: StructureRule, today: datetime.date) -> _Found:
    ends_on = _ends_on(facts)
    if ends_on is not None and today > ends_on:
        yield (
            _("The term ended on %(day)s and nobody was elected; no extension is approved.")
            % {"day": in_words(ends_on)},
            rule.is_serious,
        )


_CHECKS: dict[str, Callable[[Facts, Any, datetime.date], _Found]] = {
    RuleCode.OVERDUE: _overdue,
    RuleCode.TOO_FEW: _too_few,
    RuleCode.NO_COMMITTEE: _no_committee,
    RuleCode.NO_SECRETARY: _no_secretary,
    RuleCode.ELECTION: _election,
    RuleCode.TOO_MANY: _too_many,
    RuleCode.COMMITTEE_SIZE: _committee_size,
    RuleCode.EXTENSION: _extension,
    RuleCode.TERM: _term,
    RuleCode.GROUP_SIZE: _group_size,
}
