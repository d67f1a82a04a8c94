"""Reads of the index: candidates in order of time, hits within a queryset, relevance."""

# ruff: noqa: S608 (statements are put together from names of our own tables only)

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from portal.search.conditions import NOTHING, Condition, Dialect, Sql
from portal.search.models import (
    DOCUMENT_BITS,
    DOCUMENT_MASK,
    SearchDocument,
    order_key,
    position_range,
)
from portal.search.storage import descendant_types, root_model, root_type
from portal.search.structures import CHUNKS, DOCUMENTS, FULL_TEXT, POSTINGS

#: Relevance is computed for the newest hits only; older ones follow in order of time.
RANKED_HITS = 2_000

_LARGEST_BATCH = 8_000
_KEYS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A found object: its primary key and its document in the index."""

    key: Any
    document: int
    score: float = 0.0


def reading_connection() -> BaseDatabaseWrapper:
    """Return the connection to the database of the index."""
    return connections[router.db_for_read(SearchDocument)]


def collect(
    model: type[Model],
    queryset: QuerySet[Any],
    condition: Condition,
    *,
    limit: int | None,
    between: tuple[datetime, datetime] | None = None,
) -> list[Hit]:
    """Return the newest hits among the objects of a queryset, newest first.

    Args:
        model: the indexed model.
        queryset: decides what may be found. Its primary keys are those of *model*, so it may
            also be a set of rows that stand for such objects one to one.
        condition: what is looked for.
        limit: how many hits are enough; None for all.
        between: the first and last moment of what the queryset has, where that is known.
    """
    if limit == 0:
        return []
    hits: list[Hit] = []
    # A little more than asked for, so that a few hidden objects do not cost a second round.
    size = _LARGEST_BATCH if limit is None else min(limit + limit // 8 + 8, _LARGEST_BATCH)
    for candidates in newest_matching(model, condition, size, between=between):
        hits += _allowed(model, queryset, candidates)
        if limit is not None and len(hits) >= limit:
            break
    return hits[:limit]


def newest_matching(
    model: type[Model],
    condition: Condition,
    size: int,
    *,
    between: tuple[datetime, datetime] | None = None,
) -> Iterator[list[tuple[int, str]]]:
    """Yield position and object key of all that matches, newest first, in growing batches.

    A batch smaller than *size* is the last one. Keys are empty where the object is not of the
    model.

    Args:
        model: the indexed model.
        condition: what is looked for.
        size: of the first batch.
        between: the first and last moment of what is wanted, where that is known.
    """
    if condition == NOTHING:
        return
    before: int | None = None
    while True:
        candidates = _candidates(model, condition, before, size, between)
        yield candidates
        if len(candidates) < size:
            return
        before = candidates[-1][0]
        size = min(size * 4, _LARGEST_BATCH)


def _candidates(
    model: type[Model],
    condition: Condition,
    before: int | None,
    size: int,
    between: tuple[datetime, datetime] | None = None,
) -> list[tuple[int, str]]:
    """Return position and object key of the newest documents before a position."""
    connection = reading_connection()
    family = root_type(model)
    first, last = position_range(family)
    if between is not None:
        first = order_key(family, between[0]) << DOCUMENT_BITS
        last = (order_key(family, between[1]) + 1 << DOCUMENT_BITS) - 1
    if before is not None:
        last = before - 1
    if connection.vendor == "postgresql":
        statement = _postgresql_candidates(condition, (first, last), size)
    else:
        statement = _sqlite_candidates(condition, (first, last), size)
    own_types = None if model is root_model(model) else set(descendant_types(model))
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.parameters)
        return [
            # Families can share a group of positions; a candidate of another family keeps its
            # place in the order, without a key that could be mistaken for one of ours.
            (
                position,
                object_id if root == family.pk and (own_types is None or own in own_types) else "",
            )
            for position, object_id, root, own in cursor.fetchall()
        ]


def _sqlite_candidates(condition: Condition, span: tuple[int, int], size: int) -> Sql:
    dialect = Dialect("sqlite")
    expression = condition.expression(dialect)
    columns = "d.object_id, d.root_type_id, d.content_type_id"
    if expression is None:
        comparison = condition.comparison(dialect, "d.id")
        position = f"(d.order_key << {DOCUMENT_BITS} | d.id)"
        return Sql(
            f"SELECT {position}, {columns} FROM {DOCUMENTS} d"
            f" WHERE {position} BETWEEN %s AND %s AND {comparison.text}"
            " ORDER BY 1 DESC LIMIT %s",
            (*span, *comparison.parameters, size),
        )
    comparison = condition.comparison(dialect, "d.id")
    # CROSS JOIN keeps the full-text table outside: it delivers the newest first and stops.
    return Sql(
        f"SELECT f.rowid, {columns} FROM {FULL_TEXT} f"
        f" CROSS JOIN {DOCUMENTS} d"
        f" ON d.id = (f.rowid & {DOCUMENT_MASK})"
        f" WHERE f.{FULL_TEXT} MATCH %s AND f.rowid BETWEEN %s AND %s AND {comparison.text}"
        " ORDER BY f.rowid DESC LIMIT %s",
        (expression, *span, *comparison.parameters, size),
    )


def _postgresql_candidates(condition: Condition, span: tuple[int, int], size: int) -> Sql:
    dialect = Dialect("postgresql")
    expression = condition.expression(dialect)
    where = "position BETWEEN %s AND %s"
    parameters: tuple[Any, ...] = span
    if expression is not None:
        where, parameters = f"{where} AND tokens @@ %s::tsquery", (*span, expression)
    # "position + 0" keeps the planner from walking the whole primary key for a rare word.
    inner = f"SELECT position, document_id FROM {POSTINGS} WHERE {where} ORDER BY position + 0 DESC"
    comparison = condition.comparison(dialect, "c.document_id")
    outer_parameters: tuple[Any, ...] = ()
    if condition.exact:
        inner, parameters = f"{inner} LIMIT %s", (*parameters, size)
        outer = ""
    else:
        # OFFSET 0 keeps the texts from being read before the order is known.
        inner = f"{inner} OFFSET 0"
        outer = f"WHERE {comparison.text} LIMIT %s"
        outer_parameters = (*comparison.parameters, size)
    # A lateral subquery is looked up row by row and keeps the order.
    return Sql(
        "SELECT c.position, d.object_id, d.root_type_id, d.content_type_id"
        f" FROM ({inner}) c CROSS JOIN LATERAL (SELECT * FROM {DOCUMENTS}"
        f" WHERE id = c.document_id OFFSET 0) d {outer}",
        (*parameters, *outer_parameters),
    )


def _allowed(
    model: type[Model], queryset: QuerySet[Any], candidates: Sequence[tuple[int, str]]
) -> list[Hit]:
    key_field = model._meta.pk
    keys = [key_field.to_python(object_id) if object_id else None for _, object_id in candidates]
    plain = queryset.order_by().select_related(None).prefetch_related(None)
    allowed: set[Any] = set()
    for some in in_batches([key for key in keys if key is not None], _KEYS_AT_ONCE):
        allowed.update(plain.filter(pk__in=some).values_list("pk", flat=True))
    return [
        Hit(key, position & DOCUMENT_MASK)
        for key, (position, _) in zip(keys, candidates, strict=True)
        if key in allowed
    ]


def in_batches(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Cut a sequence into pieces of at most *size*."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def keys_matching(model: type[Model], condition: Condition) -> RawSQL:
    """Return a subquery of the primary keys of all matching objects, for ``pk__in``."""
    connection = reading_connection()
    dialect = Dialect(connection.vendor)
    key: Any = model._meta.pk
    key_type = key.target_field if key.is_relation else key
    cast = key_type.cast_db_type(connection) or "text"
    family = root_type(model)
    expression = condition.expression(dialect)
    comparison = condition.comparison(dialect, "d.id")
    source, where = f"{DOCUMENTS} d", ""
    parameters: tuple[Any, ...] = ()
    if expression is not None and connection.vendor == "postgresql":
        source = f"{POSTINGS} p JOIN {source} ON d.id = p.document_id"
        where = "p.position BETWEEN %s AND %s AND p.tokens @@ %s::tsquery AND "
        parameters = (*position_range(family), expression)
    elif expression is not None:
        source = f"{FULL_TEXT} f CROSS JOIN {source} ON d.id = (f.rowid & {DOCUMENT_MASK})"
        where = f"f.rowid BETWEEN %s AND %s AND f.{FULL_TEXT} MATCH %s AND "
        parameters = (*position_range(family), expression)
    types = descendant_types(model)
    marks = ", ".join(["%s"] * len(types))
    return RawSQL(  # noqa: S611 (values are parameters)
        f"SELECT CAST(d.object_id AS {cast}) FROM {source} WHERE {where}"
        f"d.root_type_id = %s AND d.content_type_id IN ({marks}) AND {comparison.text}",
        (*parameters, family.pk, *types, *comparison.parameters),
    )


def ranked(condition: Condition, hits: Sequence[Hit]) -> list[Hit]:
    """Sort hits by relevance: titles first, then dense and repeated mention, then newest.

    Meant for at most :data:`RANKED_HITS` hits.
    """
    terms = list(dict.fromkeys(condition.terms()))
    if not terms or not hits:
        return list(hits)
    scores = _scores([term.stretch.needle for term in terms], [hit.document for hit in hits])
    scored = [Hit(hit.key, hit.document, scores.get(hit.document, 0.0)) for hit in hits]
    # Sorting is stable: equal scores keep the order of time.
    return sorted(scored, key=lambda hit: -hit.score)


def _scores(needles: list[str], documents: list[int]) -> dict[int, float]:
    connection = reading_connection()
    find = Dialect(connection.vendor).find
    columns: list[str] = []
    parameters: list[Any] = []
    for needle in needles:
        columns += [
            f"{find}(d.title_normal, %s)",
            "(SELECT sum((length(normal) - length(replace(normal, %s, ''))) / %s)"
            f" FROM {CHUNKS} WHERE document_id = d.id)",
        ]
        parameters += [needle, needle, len(needle)]
    scores: dict[int, float] = {}
    with connection.cursor() as cursor:
        for some in in_batches(documents, _KEYS_AT_ONCE):
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(
                "SELECT d.id, d.character_count, length(d.title_normal), "
                f"{', '.join(columns)} FROM {DOCUMENTS} d WHERE d.id IN ({marks})",
                [*parameters, *some],
            )
            for key, characters, title_length, *found in cursor.fetchall():
                scores[key] = sum(
                    _score(characters, title_length, in_title, count or 0)
                    for in_title, count in zip(found[::2], found[1::2], strict=True)
                )
    return scores


def _score(characters: int, title_length: int, in_title: int, count: int) -> float:
    """Return the weight of one stretch in one document.

    A title counts more the more of it the stretch is; mentions count with diminishing weight,
    as in BM25 (k1 = 1.2, b = 0.75, a usual length of 600 characters).
    """
    damping = 1.2 * (0.25 + 0.75 * characters / 600)
    score = float(count) / (float(count) + damping) if count else 0.0
    if in_title:
        score += 2.0 + 1.0 / math.sqrt(max(title_length, 1)) + (0.5 if in_title == 1 else 0.0)
    return score
