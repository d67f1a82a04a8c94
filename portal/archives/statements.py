"""Statements of one shape, put into words once for each database connection.

A publication runs about a dozen small statements for its record. Django composes the SQL of each
anew, which takes several times as long as the database needs to answer. The reads and inserts
here are composed by Django the first time a connection needs them; afterwards only the values
change. They are for the capture and the review, whose cost every publication pays; everything
else is an ordinary queryset.

`FixedRead` takes the place of two methods of Django's query (`get_compiler`, `as_sql`), which
`tests/archives/test_statements.py` compares with ordinary querysets on both databases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connections, models
from django.db.models.constants import OnConflict

_ATTRIBUTE = "portal_fixed_statements"
# Values no row has, by which the places of the parameters are found in the composed statement.
# They fit every integer column.
_SAMPLE_NUMBER = 2_147_470_000
_SAMPLE_TEXT = "parameter of a fixed read, number "
_ROWS_AT_A_TIME = 100
_LARGEST_BITS = 63


class NotFixed(TypeError):
    """The statement is not of one shape: a parameter is missing in it, or it prefetches."""


def _known(statement: Any, using: str, compose: Callable[[], Any]) -> Any:
    """Return what was composed for a connection; a connection belongs to one thread."""
    connection = connections[using]
    kept: dict[Any, Any] | None = getattr(connection, _ATTRIBUTE, None)
    if kept is None:
        kept = {}
        setattr(connection, _ATTRIBUTE, kept)
    if statement not in kept:
        kept[statement] = compose()
    return kept[statement]


class _Composed:
    """A queryset whose compiler no longer composes, only fills in parameters."""

    def __init__(self, queryset: Any, samples: list[Any], using: str) -> None:
        if queryset._prefetch_related_lookups:
            raise NotFixed("A fixed read cannot prefetch.")
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(using=using)
        self.sql, parameters = self.compiler.as_sql()
        self.template = list(parameters)
        self.places = [
            (place, samples.index(value))
            for place, value in enumerate(self.template)
            if value in samples
        ]
        if {number for _place, number in self.places} != set(range(len(samples))):
            raise NotFixed("A parameter does not appear in the statement.")
        self.parameters: tuple[Any, ...] = ()
        queryset.query.get_compiler = lambda *args, **kwargs: self.compiler
        self.compiler.as_sql = lambda *args, **kwargs: (self.sql, self.parameters)

    def rows(self, values: Sequence[Any]) -> list[Any]:
        filled = list(self.template)
        for place, number in self.places:
            # PostgreSQL marks the width of a number by a class of its own.
            filled[place] = type(filled[place])(values[number])
        self.parameters = tuple(filled)
        iterable = self.queryset._iterable_class
        return list(iterable(self.queryset, chunked_fetch=False, chunk_size=_ROWS_AT_A_TIME))


class FixedRead:
    """A queryset of one shape with numbers and texts as parameters.

    Args:
        build: makes the queryset from the parameters; called once for each connection, with
            values that stand for them. It must not look at the values.
        types: `int` or `str` for each parameter.
    """

    def __init__(self, build: Callable[..., Any], *types: type[int] | type[str]) -> None:
        self.build = build
        self.samples: list[Any] = [
            _SAMPLE_NUMBER + number if kind is int else f"{_SAMPLE_TEXT}{number}"
            for number, kind in enumerate(types)
        ]

    def rows(self, *values: Any, using: str = "default") -> list[Any]:
        """Return what the queryset yields for these values, read from the database now.

        Raises:
            NotFixed: the queryset does not have one shape.
        """
        # An address may hold any number; no column holds one of more than 64 bits.
        if any(isinstance(value, int) and value.bit_length() > _LARGEST_BITS for value in values):
            return []
        composed = _known(
            self,
            using,
            lambda: _Composed(self.build(*self.samples).using(using), self.samples, using),
        )
        found: list[Any] = composed.rows(values)
        return found

    def first(self, *values: Any, using: str = "default") -> Any:
        """Return the first row, or None. The queryset itself should be cut to one row."""
        found = self.rows(*values, using=using)
        return found[0] if found else None


class FixedInsert:
    """Inserts rows of a model; sends no signals and does not read back keys the database makes.

    Args:
        model: whose rows; a proxy or a model in one table.
        replacing: with it, a row whose primary key exists is updated in these columns.
    """

    def __init__(self, model: type[models.Model], replacing: Sequence[str] = ()) -> None:
        self.model = model
        self.replacing = replacing

    def write(self, rows: Sequence[Any], using: str = "default") -> None:
        """Insert the rows, all in one statement unless they have too many values for one."""
        insert_together([(self, rows)], using)

    def statements(self, rows: Sequence[Any], using: str) -> Iterator[tuple[str, list[Any]]]:
        """Yield SQL and parameters that insert the rows."""
        if not rows:
            return
        connection = connections[using]
        fields, start, end = _known(self, using, lambda: self._compose(using))
        places = f"({', '.join(['%s'] * len(fields))})"
        at_a_time = connection.ops.bulk_batch_size(fields, rows)
        for begin in range(0, len(rows), at_a_time):
            part = rows[begin : begin + at_a_time]
            values = [
                field.get_db_prep_save(field.pre_save(row, add=True), connection)
                for row in part
                for field in fields
            ]
            yield f"{start} {', '.join([places] * len(part))} {end}", values

    def _compose(self, using: str) -> tuple[list[Any], str, str]:
        operations = connections[using].ops
        options = self.model._meta
        fields = [
            field
            for field in options.concrete_fields
            if not field.generated and not isinstance(field, models.AutoField)
        ]
        names = ", ".join(operations.quote_name(str(field.column)) for field in fields)
        start = f"INSERT INTO {operations.quote_name(options.db_table)} ({names}) VALUES"
        end = ""
        if self.replacing:
            columns = [field.column for field in fields if field.name in self.replacing]
            keys = [field.column for field in fields if field.primary_key]
            end = operations.on_conflict_suffix_sql(fields, OnConflict.UPDATE, columns, keys)
        return fields, start, end


def insert_together(
    parts: Sequence[tuple[FixedInsert, Sequence[Any]]], using: str = "default"
) -> None:
    """Insert rows of several models, on PostgreSQL in one statement, which saves the way there.

    Rows may refer to each other in any direction: references are checked at the commit.
    """
    connection = connections[using]
    statements = [part for insert, rows in parts for part in insert.statements(rows, using)]
    if connection.vendor == "postgresql" and len(statements) > 1:
        *before, (last, _values) = statements
        named = ", ".join(f"part_{number} AS ({sql})" for number, (sql, _v) in enumerate(before))
        statements = [(f"WITH {named} {last}", [v for _sql, some in statements for v in some])]
    with connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)
    for _insert, rows in parts:
        for row in rows:
            row._state.adding = False
            row._state.db = using
