"""What a search asks for, and the same in the words of each database.

A condition gives two things: an expression over tokens, which the full-text index answers and
which never misses a document, and a comparison of texts, which is exact. Where the tokens alone
prove a match, nothing is compared.
"""

# ruff: noqa: S608 (statements are put together from names of our own tables only)

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from modelsearch.query import (
    And,
    Boost,
    Fuzzy,
    MatchAll,
    Not,
    Or,
    Phrase,
    PlainText,
    SearchQuery,
)

from portal.search import text
from portal.search.documents import facet_token
from portal.search.structures import CHUNKS, DOCUMENTS


class Scope(enum.Enum):
    """Which text of a document is searched; the value marks its tokens."""

    EVERYTHING = ""
    TITLE = text.TITLE_MARK
    AUTOCOMPLETE = text.AUTOCOMPLETE_MARK


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with its parameters."""

    text: str
    parameters: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one database writes token expressions and finds one text in another."""

    vendor: str

    def token(self, token: str) -> str:
        """Write one token."""
        return f"'{token}'" if self.vendor == "postgresql" else f'"{token}"'

    def prefix(self, token: str) -> str:
        """Write the beginning of a token."""
        return f"'{token}':*" if self.vendor == "postgresql" else f'"{token}"*'

    def both(self, expressions: list[str]) -> str:
        """All of the expressions."""
        return "(" + (" & " if self.vendor == "postgresql" else " AND ").join(expressions) + ")"

    def either(self, expressions: list[str]) -> str:
        """Any of the expressions."""
        return "(" + (" | " if self.vendor == "postgresql" else " OR ").join(expressions) + ")"

    @property
    def find(self) -> str:
        """The function that returns where a text occurs in another, 0 if it does not."""
        return "strpos" if self.vendor == "postgresql" else "instr"


class Condition:
    """Base of all conditions."""

    #: Whether the token expression alone proves a match.
    exact = False

    def expression(self, dialect: Dialect) -> str | None:
        """Return the token expression, or None when tokens say nothing about this."""
        raise NotImplementedError

    def comparison(self, dialect: Dialect, document: str) -> Sql:
        """Return the exact test on texts.

        Args:
            dialect: of the database.
            document: the SQL expression of the document's key.
        """
        raise NotImplementedError

    def terms(self) -> Iterator[Term]:
        """The stretches that a match has, for ranking and marking."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Term(Condition):
    """One stretch occurs."""

    stretch: text.Stretch
    scope: Scope = Scope.EVERYTHING

    @property
    def exact(self) -> bool:  # type: ignore[override]
        """Tokens prove words and pairs of characters."""
        return self.stretch.is_exact

    def expression(self, dialect: Dialect) -> str | None:
        """All tokens of the stretch."""
        mark = self.scope.value
        parts = [dialect.token(mark + token) for token in self.stretch.required_tokens]
        prefix = self.stretch.required_prefix
        if prefix is not None:
            parts.append(dialect.prefix(mark + prefix))
        return dialect.both(parts) if parts else None

    def comparison(self, dialect: Dialect, document: str) -> Sql:
        """The stretch is part of the text of the scope."""
        needle = (self.stretch.needle,)
        if self.scope is Scope.EVERYTHING and dialect.vendor == "sqlite":
            return Sql(
                f"EXISTS (SELECT 1 FROM {CHUNKS}"
                f" WHERE document_id = {document} AND instr(normal, %s))",
                needle,
            )
        if self.scope is Scope.EVERYTHING:
            # PostgreSQL would turn EXISTS into a join over all texts.
            return Sql(
                f"COALESCE((SELECT max({dialect.find}(normal, %s)) FROM {CHUNKS}"
                f" WHERE document_id = {document}), 0) > 0",
                needle,
            )
        column = "title_normal" if self.scope is Scope.TITLE else "autocomplete_normal"
        return Sql(
            f"COALESCE((SELECT {dialect.find}({column}, %s) FROM {DOCUMENTS}"
            f" WHERE id = {document}), 0) > 0",
            needle,
        )

    def terms(self) -> Iterator[Term]:
        """Itself."""
        yield self


@dataclass(frozen=True, slots=True)
class Facet(Condition):
    """The document has a facet. Facets have no text: only ever one of several conditions."""

    facet: str
    exact = True

    def expression(self, dialect: Dialect) -> str | None:
        """The token of the facet."""
        return dialect.token(facet_token(self.facet))


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    """All conditions hold; without any, everything matches."""

    members: tuple[Condition, ...]

    @property
    def exact(self) -> bool:  # type: ignore[override]
        """Exact if every member is."""
        return all(member.exact for member in self.members)

    def expression(self, dialect: Dialect) -> str | None:
        """The members that tokens can answer."""
        parts = [part for member in self.members if (part := member.expression(dialect))]
        return dialect.both(parts) if parts else None

    def comparison(self, dialect: Dialect, document: str) -> Sql:
        """Compare for each member that is not proved by its tokens."""
        return _joined(
            " AND ",
            [member.comparison(dialect, document) for member in self.members if not member.exact],
            empty="1 = 1",
        )

    def terms(self) -> Iterator[Term]:
        """Those of the members."""
        for member in self.members:
            yield from member.terms()


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """One of the conditions holds; without any, nothing matches."""

    members: tuple[Condition, ...]

    @property
    def exact(self) -> bool:  # type: ignore[override]
        """Exact if every member is."""
        return bool(self.members) and all(member.exact for member in self.members)

    def expression(self, dialect: Dialect) -> str | None:
        """Any of the members, if tokens can answer all."""
        parts = [member.expression(dialect) for member in self.members]
        known = [part for part in parts if part is not None]
        return dialect.either(known) if known and len(known) == len(parts) else None

    def comparison(self, dialect: Dialect, document: str) -> Sql:
        """Compare for every member: which one led here is not known."""
        return _joined(
            " OR ",
            [_full_comparison(member, dialect, document) for member in self.members],
            empty="1 = 0",
        )

    def terms(self) -> Iterator[Term]:
        """Those of the members."""
        for member in self.members:
            yield from member.terms()


@dataclass(frozen=True, slots=True)
class NoneOf(Condition):
    """The condition does not hold."""

    member: Condition

    def expression(self, dialect: Dialect) -> str | None:
        """Tokens lead to what has them, not to what lacks them."""
        return None

    def comparison(self, dialect: Dialect, document: str) -> Sql:
        """Compare and turn round."""
        inner = _full_comparison(self.member, dialect, document)
        return Sql(f"NOT ({inner.text})", inner.parameters)


EVERYTHING = AllOf(())
NOTHING = AnyOf(())


def _full_comparison(condition: Condition, dialect: Dialect, document: str) -> Sql:
    """Compare texts even for what tokens would have proved."""
    if isinstance(condition, AllOf):
        return _joined(
            " AND ",
            [_full_comparison(member, dialect, document) for member in condition.members],
            empty="1 = 1",
        )
    return condition.comparison(dialect, document)


def _joined(connector: str, pieces: list[Sql], *, empty: str) -> Sql:
    if not pieces:
        return Sql(empty)
    parameters = tuple(value for piece in pieces for value in piece.parameters)
    return Sql("(" + connector.join(piece.text for piece in pieces) + ")", parameters)


def from_text(typed: str, *, scope: Scope = Scope.EVERYTHING, open_end: bool = False) -> Condition:
    """Return the condition of a typed query: every stretch occurs. Nothing typed, no match."""
    found = text.stretches(typed, open_end=open_end)
    return AllOf(tuple(Term(stretch, scope) for stretch in found)) if found else NOTHING


def from_query(
    query: SearchQuery, *, scope: Scope = Scope.EVERYTHING, open_end: bool = False
) -> Condition:
    """Translate a query of modelsearch.

    Raises:
        NotImplementedError: for a class of query this does not know.
    """
    if isinstance(query, MatchAll):
        return EVERYTHING
    if isinstance(query, PlainText | Fuzzy):
        condition = from_text(query.query_string, scope=scope, open_end=open_end)
        if query.operator == "or" and isinstance(condition, AllOf):
            return AnyOf(condition.members)
        return condition
    if isinstance(query, Phrase):
        return from_text(query.query_string, scope=scope)
    if isinstance(query, Boost):
        return from_query(query.subquery, scope=scope, open_end=open_end)
    if isinstance(query, Not):
        return NoneOf(from_query(query.subquery, scope=scope, open_end=open_end))
    if isinstance(query, And | Or):
        members = tuple(
            from_query(part, scope=scope, open_end=open_end) for part in query.subqueries
        )
        return AllOf(members) if isinstance(query, And) else AnyOf(members)
    raise NotImplementedError(f"`{query.__class__.__name__}` is not supported by this search.")
