"""What a new table would have done to the records that exist."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from portal.archives.models import Record, ScopeRule, ScopeTable
from portal.archives.scope.rules import RuleBook

EXAMPLES = 3


class Outcome(NamedTuple):
    """What a table says of a record: class and period, or that it is not filed."""

    covered: bool
    files: bool
    class_code: str
    period: str

    @classmethod
    def of(cls, rule: ScopeRule | None) -> Outcome:
        """Return the outcome of a rule; None stands for a record no rule speaks of."""
        if rule is None:
            return cls(False, True, "", "")
        if not rule.files:
            return cls(True, False, "", "")
        return cls(True, True, str(rule.archive_class_id), rule.period)


@dataclass
class Change:
    """Records of one kind for which two tables say different things."""

    kind: str
    before: Outcome
    after: Outcome
    count: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass
class Simulation:
    """How a table differs from another over the records of some years.

    Attributes:
        examined: how many records were looked at.
        changes: groups of records with another outcome, the largest first.
        uncovered: how many records the new table does not speak of, by kind.
    """

    examined: int
    changes: list[Change]
    uncovered: dict[str, int]

    @property
    def changed(self) -> int:
        """Return how many records have another outcome."""
        return sum(change.count for change in self.changes)


def simulate(
    table: ScopeTable, against: ScopeTable | None, years: list[int], limit: int | None = None
) -> Simulation:
    """Compare what two tables say of the newest version of every record of some years.

    Reads three columns of each record and writes nothing.
    """
    new, old = RuleBook.of(table), RuleBook.of(against)
    rows: Any = (
        Record.objects.filter(year__in=years, next__isnull=True)
        .order_by("-business_date", "pk")
        .values_list("kind", "subkind", "title")
    )
    changes: dict[tuple[str, Outcome, Outcome], Change] = {}
    uncovered: Counter[str] = Counter()
    examined = 0
    for kind, subkind, title in (rows[:limit] if limit else rows).iterator(2000):
        examined += 1
        after = Outcome.of(new.rule_for(kind, subkind, title))
        before = Outcome.of(old.rule_for(kind, subkind, title))
        if not after.covered:
            uncovered[kind] += 1
        if before == after:
            continue
        change = changes.setdefault((kind, before, after), Change(kind, before, after))
        change.count += 1
        if len(change.examples) < EXAMPLES:
            change.examples.append(title)
    ordered = sorted(changes.values(), key=lambda change: (-change.count, change.kind))
    return Simulation(examined, ordered, dict(uncovered))


def years_to_look_at(today: datetime.date) -> list[int]:
    """Return last year and the running one, for which most records are still in the pool."""
    return [today.year - 1, today.year]


def disagreement(table: ScopeTable) -> dict[int, tuple[int, int]]:
    """Return for each rule of a table how many proposals it made and how many were corrected."""
    from portal.archives.models import PoolItem

    totals: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    rows = PoolItem.objects.filter(rule__table=table).values_list("rule_id", "corrected")
    for rule_id, corrected in rows.iterator(2000):
        if rule_id is not None:
            totals[rule_id][0] += 1
            totals[rule_id][1] += corrected
    return {rule_id: (made, corrected) for rule_id, (made, corrected) in totals.items()}
