"""What a new table would have done to the records that exist."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q

from portal.archives.models import PoolItem, Record, ScopeRule, ScopeTable
from portal.archives.querysets import RecordQuerySet
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


def _titled_kinds(*books: RuleBook) -> set[str]:
    """Return the kinds for which a table looks at titles, so that each record counts alone."""
    return {kind for book in books for kind in book.titled_kinds()}


def _rows(records: RecordQuerySet, titled: set[str]) -> Iterator[tuple[str, str, str, int]]:
    """Yield kind, detail, title and how many; kinds that no title decides are counted at once."""
    alike = records.exclude(kind__in=titled).order_by().values("kind", "subkind")
    for row in alike.annotate(count=Count("pk"), title=Max("title")):
        yield row["kind"], row["subkind"], row["title"], row["count"]
    single = records.filter(kind__in=titled).order_by()
    for kind, subkind, title in single.values_list("kind", "subkind", "title").iterator(2000):
        yield kind, subkind, title, 1


def simulate(table: ScopeTable, against: ScopeTable | None, records: RecordQuerySet) -> Simulation:
    """Compare what two tables say of records; reads three columns and writes nothing.

    Args:
        records: those whoever asks may read, because some of their titles are shown.
    """
    new, old = RuleBook.of(table), RuleBook.of(against)
    changes: dict[tuple[str, Outcome, Outcome], Change] = {}
    uncovered: Counter[str] = Counter()
    examined = 0
    for kind, subkind, title, count in _rows(records, _titled_kinds(new, old)):
        examined += count
        after = Outcome.of(new.rule_for(kind, subkind, title))
        before = Outcome.of(old.rule_for(kind, subkind, title))
        if not after.covered:
            uncovered[kind] += count
        if before == after:
            continue
        change = changes.setdefault((kind, before, after), Change(kind, before, after))
        change.count += count
        if len(change.examples) < EXAMPLES:
            change.examples.append(title)
    ordered = sorted(changes.values(), key=lambda change: (-change.count, change.kind))
    return Simulation(examined, ordered, dict(uncovered))


def years_to_look_at(today: datetime.date) -> list[int]:
    """Return last year and the running one, for which most records are still in the pool."""
    return [today.year - 1, today.year]


def records_to_look_at(user: Any, today: datetime.date) -> RecordQuerySet:
    """Return the newest versions of these years' records that the account may read."""
    return Record.objects.visible_to(user).filter(
        year__in=years_to_look_at(today), next__isnull=True
    )


def disagreement(rules: Iterable[ScopeRule]) -> dict[int, tuple[int, int]]:
    """Return for each rule how many proposals it made and how many of them were corrected."""
    rows = (
        PoolItem.objects.filter(rule__in=[rule.pk for rule in rules])
        .order_by()
        .values_list("rule")
        .annotate(made=Count("pk"), corrected=Count("pk", filter=Q(corrected=True)))
    )
    return {rule: (made, corrected) for rule, made, corrected in rows if rule is not None}
