"""What the table in force proposes for a record, and the clause that says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from portal.archives.models import Record, ScopeRule, ScopeTable


class RuleBook:
    """The rules of one table, ready to be asked about many records."""

    def __init__(self, rules: Iterable[ScopeRule]) -> None:
        self._by_kind: dict[str, list[ScopeRule]] = defaultdict(list)
        for rule in rules:
            self._by_kind[rule.kind].append(rule)

    @classmethod
    def of(cls, table: ScopeTable | None) -> RuleBook:
        """Read the rules of a table; without a table there are none."""
        return cls(table.rules.in_order() if table else [])

    def rule_for(self, kind: str, subkind: str, title: str) -> ScopeRule | None:
        """Return the first rule that fits; None when the table does not speak of such records."""
        return next(
            (rule for rule in self._by_kind.get(kind, ()) if rule.fits(kind, subkind, title)), None
        )

    def rule_for_record(self, record: Record) -> ScopeRule | None:
        """Return the first rule that fits a record."""
        return self.rule_for(record.kind, record.subkind, record.title)

    def kinds(self) -> set[str]:
        """Return the kinds the table speaks of."""
        return set(self._by_kind)

    def whole_kinds(self) -> set[str]:
        """Return the kinds for which a last row catches whatever the others leave."""
        return {
            kind
            for kind, rules in self._by_kind.items()
            if any(not rule.subkind and not rule.title_words.strip() for rule in rules)
        }

    def titled_kinds(self) -> set[str]:
        """Return the kinds for which some row looks at the title."""
        return {
            kind
            for kind, rules in self._by_kind.items()
            if any(rule.title_words.strip() for rule in rules)
        }
