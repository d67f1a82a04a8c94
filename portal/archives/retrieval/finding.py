"""Find records: the total, one page, how they divide, all without reading what is not shown.

There are three ways. What the counts of alike records answer is answered by them: the exact
total, and in which years (and, for few, in which units) the wanted page lies. Words are asked
of the search index. Anything else is met on the way through the list, newest first, up to
`COUNT_LIMIT` records.
"""

from __future__ import annotations

import datetime
import json
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import BooleanField, Count, F, Max, Min, Q, Sum, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from portal.archives.models import AccessLevel, Record, RecordTally, Render, RenderStatus
from portal.archives.permissions import may_read_controlled
from portal.archives.querysets import RecordQuerySet
from portal.archives.retrieval.conditions import (
    BY_CODE,
    FEW,
    MOST_UNITS,
    NEWEST_FIRST,
    OLDEST,
    OLDEST_FIRST,
    Conditions,
    in_units,
)
from portal.archives.retrieval.facets import COLUMNS, Counts, count_rows, count_tallies
from portal.archives.search import WAITING_RECORDS
from portal.organizations.models import Unit
from portal.roles.permissions import record_units
from portal.search.conditions import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Condition,
    Dialect,
    Facet,
    Scope,
    Sql,
)
from portal.search.matching import in_batches, newest_matching, reading_connection
from portal.search.storage import object_key, root_type
from portal.search.structures import DOCUMENTS

#: Where the counts do not answer, the newest records that are found, counted and paged.
COUNT_LIMIT = 1_000
#: More than this is not put in order by archive code, which would read all of it.
MOST_IN_CODE_ORDER = 10_000
PAGE_SIZE = 20
#: Units by which a page is looked up where records are sparse.
FEW_UNITS = 60
#: Words that have fewer hits are rare: those hits are looked up, whatever else is asked.
RARE = 1_000
#: Of at most so many records of a unit the texts are read to find frequent words in them.
MOST_TEXTS = 20_000
_KEYS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Total:
    """How many records were found; with `more`, at least so many."""

    value: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.value}+" if self.more else str(self.value)

    def __bool__(self) -> bool:
        return self.value > 0


class FoundRecords(ABC):
    """The found records in order; reads what is sliced, nothing else.

    Attributes:
        total: how many there are.
        counts: how they divide, over all of them or, with `total.more`, over the first ones.
        in_asked_order: whether they are in the order that was asked for.
    """

    total: Total
    counts: Counts
    in_asked_order = True

    def count(self) -> int:
        """Return how many can be paged to."""
        return self.total.value

    def __len__(self) -> int:
        return self.total.value

    @abstractmethod
    def __getitem__(self, wanted: slice) -> list[Record]:
        """Return a piece of the list."""

    @abstractmethod
    def every(self, limit: int) -> Iterator[Record]:
        """Yield the first records in order, at most so many."""

    @property
    def paginator(self) -> Paginator[Record]:
        """The records in pages of `PAGE_SIZE`."""
        rows: Any = self
        return Paginator(rows, PAGE_SIZE)


def _days(years: Sequence[int]) -> tuple[datetime.date, datetime.date] | tuple[()]:
    if not years:
        return ()
    return datetime.date(min(years), 1, 1), datetime.date(max(years), 12, 31)


def _in_units(units: Sequence[int | None]) -> Q:
    with_unit = Q(unit_id__in=[unit for unit in units if unit is not None])
    return with_unit | Q(unit_id__isnull=True) if None in units else with_unit


def shown(records: RecordQuerySet) -> RecordQuerySet:
    """Return records with what a row of a list shows."""
    return records.select_related("unit", "render")


class CountedRecords(FoundRecords):
    """What the counts of alike records answer."""

    def __init__(self, user: Any, conditions: Conditions) -> None:
        self.conditions = conditions
        self.visible: RecordQuerySet = Record.objects.visible_to(user)
        self.tallies = RecordTally.objects.visible_to(user).filter(conditions.tallied())
        self.counts = count_tallies(self.tallies)
        self.total = Total(sum(self.counts["year"].values()))
        self.in_code_order = conditions.order == BY_CODE
        if self.in_code_order and self.total.value > MOST_IN_CODE_ORDER:
            self.in_code_order = self.in_asked_order = False

    def __getitem__(self, wanted: slice) -> list[Record]:
        start, stop = wanted.start or 0, min(wanted.stop, self.total.value)
        if start >= stop:
            return []
        if self.in_code_order:
            return list(self._in_order(self.visible)[start:stop])
        skipped, years = self._years(start, stop)
        part = self._in_order(self._within(years), years)
        return list(part[start - skipped : stop - skipped])

    def every(self, limit: int) -> Iterator[Record]:
        """Yield the first records in order, at most so many."""
        years = self._years(0, min(limit, self.total.value))[1] if self.total else []
        part = self.visible if self.in_code_order else self._within(years)
        yield from self._in_order(part, years)[:limit].iterator(_KEYS_AT_ONCE)

    def _years(self, start: int, stop: int) -> tuple[int, list[int]]:
        """Return the years of a piece of the list and how many records come before them."""
        oldest = self.conditions.order == OLDEST
        skipped, reached, years = 0, 0, []
        for year, number in sorted(self.counts["year"].items(), reverse=not oldest):
            reached += number
            if reached <= start:
                skipped = reached
                continue
            years.append(year)
            if reached >= stop:
                break
        return skipped, years

    def _within(self, years: list[int]) -> RecordQuerySet:
        """Return the visible records, those of some years by their units where these are few."""
        if not years:
            return self.visible.none()
        first, last = min(years), max(years)
        number = sum(self.counts["year"][year] for year in years)
        units: list[int | None] = list(self.counts["unit_id"]) if number <= FEW else []
        if len(units) > FEW_UNITS:
            # Those of these years may be fewer.
            units = list(
                self.tallies.filter(year__gte=first, year__lte=last)
                .order_by()
                .values_list("unit_id", flat=True)
                .distinct()[: FEW_UNITS + 1]
            )
        if not units or len(units) > FEW_UNITS:
            return self.visible
        # The units are in the counts already, so they replace the condition on units.
        return self.visible.filter(_in_units(units))

    def _in_order(self, part: RecordQuerySet, years: Sequence[int] = ()) -> RecordQuerySet:
        records = shown(self.conditions.of(part, _days(years), without_units=True))
        if self.conditions.unit is not None:
            # Hidden from the planner: with many units it would collect all their records.
            records = records.alias(own_unit=Coalesce(F("unit_id"), 0)).filter(
                own_unit__in=self.conditions.unit_ids
            )
        if self.in_code_order:
            return records.order_by(F("archive_code").asc(nulls_last=True), *NEWEST_FIRST)
        oldest = self.conditions.order == OLDEST
        return records.order_by(*(OLDEST_FIRST if oldest else NEWEST_FIRST))


class ListedRecords(FoundRecords):
    """Found one by one: the newest `COUNT_LIMIT`, which are known by their keys."""

    def __init__(self, user: Any, conditions: Conditions) -> None:
        self.conditions = conditions
        self.visible: RecordQuerySet = Record.objects.visible_to(user)
        self.reads_controlled = may_read_controlled(user)
        self.readable = readable_in_index(user)
        self.tallies = RecordTally.objects.visible_to(user).filter(conditions.tallied())
        #: How many records fit what is counted, 0 where nothing is.
        self.fitting = 0
        rows = self._rows()
        self.total = Total(min(len(rows), COUNT_LIMIT), more=len(rows) > COUNT_LIMIT)
        rows = rows[:COUNT_LIMIT]
        self.counts = count_rows(row[4:] for row in rows)
        self.in_asked_order = not self.total.more or conditions.order not in (OLDEST, BY_CODE)
        if self.in_asked_order and conditions.order == OLDEST:
            rows.reverse()
        elif self.in_asked_order and conditions.order == BY_CODE:
            rows.sort(key=lambda row: (row[3] is None, row[3] or ""))
        self.keys: list[uuid.UUID] = [row[0] for row in rows]

    def __getitem__(self, wanted: slice) -> list[Record]:
        return self._read(self.keys[wanted])

    def every(self, limit: int) -> Iterator[Record]:
        """Yield the first records in order, at most so many."""
        for keys in in_batches(self.keys[:limit], 500):
            yield from self._read(keys)

    def _read(self, keys: Sequence[uuid.UUID]) -> list[Record]:
        # Asked again: what was taken from the account meanwhile is not shown.
        by_key = {record.pk: record for record in shown(self.visible.filter(pk__in=keys))}
        return [by_key[key] for key in keys if key in by_key]

    def _found(self) -> RecordQuerySet:
        """Return what fits, looked for in the years and few units in which alike records are."""
        conditions = self.conditions
        if not conditions.gains_by_counts:
            return conditions.of(self.visible)
        known = self.tallies.aggregate(
            records=Sum("number"),
            first=Min("year"),
            last=Max("year"),
            units=Count("unit_id", distinct=True),
        )
        if not known["records"]:
            return self.visible.none()
        self.fitting = known["records"]
        part = self.visible
        if self.fitting <= FEW and known["units"] <= FEW_UNITS:
            units = self.tallies.order_by().values_list("unit_id", flat=True).distinct()
            part = part.filter(_in_units(list(units)))
        return conditions.of(part, _days([known["first"], known["last"]]))

    def _rows(self) -> list[tuple[Any, ...]]:
        """Return key, date, moment, code and divisions of the found records, newest first."""
        found = self._found()
        if not self.conditions.asks_for_words:
            return self._values(found.order_by(*self.conditions.newest_first)[: COUNT_LIMIT + 1])
        looked_up = self.conditions.of(self.visible, in_other_index=True)
        if self.conditions.gains_by_counts and not self.fitting:
            return []
        rows = {row[0]: row for row in self._indexed(found, looked_up)}
        waiting = list(self._fresh(looked_up) - rows.keys())
        if waiting:
            keys = [object_key(Record(pk=key), reading_connection()) for key in waiting]
            again = self._values(self.visible.filter(pk__in=these_keys(keys)))
            rows |= {row[0]: row for row in again}
        return sorted(rows.values(), key=lambda row: (row[1], row[2], row[0]), reverse=True)

    @staticmethod
    def _values(records: RecordQuerySet) -> list[tuple[Any, ...]]:
        return list(
            records.values_list("pk", "business_date", "captured_at", "archive_code", *COLUMNS)
        )

    def _fresh(self, looked_up: RecordQuerySet) -> set[uuid.UUID]:
        """Return found records the index has no words of, by title and document number.

        Those are the records whose files are not made yet and the controlled ones. Both are few,
        so they are looked up first and compared then.
        """
        unmade = [status for status in RenderStatus if status != RenderStatus.DONE]
        # One status at a time, in the order of the index: together they look like half of all.
        keys = [
            key
            for status in unmade
            for key in Render.objects.filter(status=status)
            .order_by("-available_at")
            .values_list("pk", flat=True)[:WAITING_RECORDS]
        ]
        waiting = self._named(looked_up.filter(pk__in=keys)).order_by()
        named = set(waiting.values_list("pk", flat=True)) if keys else set()
        if not self.reads_controlled:
            return named
        # One index holds all that is asked here, so only records that fit are read. The kind must
        # not be looked up: it has more records than there are controlled ones.
        controlled = Record.objects.filter(access_level=AccessLevel.CONTROLLED)
        if self.conditions.kind:
            controlled = controlled.alias(own_kind=Coalesce(F("kind"), Value(""))).filter(
                own_kind=self.conditions.kind
            )
        with_words = self._named(controlled).order_by().values("pk")
        newest = looked_up.filter(pk__in=with_words).order_by(*NEWEST_FIRST)
        return named.union(newest.values_list("pk", flat=True)[: COUNT_LIMIT + 1])

    def _named(self, waiting: RecordQuerySet) -> RecordQuerySet:
        for word in self.conditions.words.split():
            waiting = waiting.filter(Q(title__icontains=word) | Q(reference__icontains=word))
        for word in self.conditions.title.split():
            waiting = waiting.filter(title__icontains=word)
        return waiting

    def _indexed(self, found: RecordQuerySet, looked_up: RecordQuerySet) -> list[tuple[Any, ...]]:
        """Return the rows of the newest records that have the words."""
        rows: list[tuple[Any, ...]] = []
        readable = self._texts_are_readable(found)
        # Rare words are known after a first look, then the rest is read the shorter way.
        size = RARE if readable else COUNT_LIMIT + COUNT_LIMIT // 8
        wanted = AllOf((self.conditions.indexed(), self.readable))
        batches = newest_matching(Record, wanted, size, between=self.conditions.moments())
        for candidates in batches:
            if readable and len(candidates) >= RARE:
                with_words = found.filter(having_words(self.conditions))
                newest = with_words.order_by(*self.conditions.newest_first)
                return self._values(newest[: COUNT_LIMIT + 1])
            keys = [key for _position, key in candidates if key]
            rows += self._values(looked_up.filter(pk__in=these_keys(keys)))
            if len(rows) > COUNT_LIMIT:
                break
        return rows

    def _texts_are_readable(self, found: RecordQuerySet) -> bool:
        """Whether what a unit, a person or a code leaves is little enough to read its texts."""
        by_texts = self.conditions.unit is not None and not self.conditions.units_in_index
        if by_texts and self.fitting <= MOST_TEXTS:
            return True
        if self.conditions.code and self.conditions.code_is_rare:
            return True
        if self.conditions.person:
            return found.order_by().values("pk")[: FEW + 1].count() <= FEW
        return False


def readable_in_index(user: Any) -> Condition:
    """Return what narrows the search index down to what an account may read.

    It leaves nothing out that the account may read; whether it may is asked of the records.
    """
    units = record_units(user)
    if units is None:
        return EVERYTHING
    trees = Q()
    for unit in units:
        trees |= Q(path__startswith=unit.path)
    keys = list(Unit.objects.filter(trees).values_list("pk", flat=True)[: MOST_UNITS + 1])
    if not units or len(keys) > MOST_UNITS:
        return EVERYTHING
    return AnyOf((Facet(f"level:{AccessLevel.OPEN}"), in_units(keys)))


def these_keys(keys: Sequence[str]) -> RawSQL:
    """Return some keys, as the database writes them, as one parameter for ``pk__in``.

    Thousands of parameters cost more to prepare than the records to read.
    """
    if reading_connection().vendor == "postgresql":
        return RawSQL("SELECT unnest(CAST(%s AS uuid[]))", ([*keys],))
    return RawSQL("SELECT value FROM json_each(%s)", (json.dumps(keys),))


def having_words(conditions: Conditions) -> RawSQL:
    """Return the condition that the text of a record has the words, by reading it."""
    connection = reading_connection()
    dialect = Dialect(connection.vendor)
    key = f"{Record._meta.db_table}.{Record._meta.pk.column}"
    if connection.vendor == "postgresql":
        key = f"CAST({key} AS text)"
    tests = [
        Sql(f"{dialect.find}(d.title_normal, %s) > 0", (term.stretch.needle,))
        if term.scope is Scope.TITLE
        else term.comparison(dialect, "d.id")
        for term in conditions.indexed().terms()
    ]
    where = " AND ".join(test.text for test in tests)
    # A value and not EXISTS, which PostgreSQL would turn into a join over all texts.
    return RawSQL(  # noqa: S611  values are parameters
        f"COALESCE((SELECT 1 FROM {DOCUMENTS} d"  # noqa: S608  own names
        f" WHERE d.root_type_id = %s AND d.object_id = {key} AND {where}), 0) = 1",
        (root_type(Record).pk, *(value for test in tests for value in test.parameters)),
        output_field=BooleanField(),
    )


def _cuts_series(conditions: Conditions) -> bool:
    """Whether the asked beginning of a code reaches into item numbers, which are not counted."""
    series = conditions.series
    return bool(series) and RecordTally.objects.filter(code_series=series).exists()


def find(user: Any, conditions: Conditions) -> FoundRecords:
    """Find what an account may read of what is asked for."""
    if conditions.is_counted and not _cuts_series(conditions):
        return CountedRecords(user, conditions)
    return ListedRecords(user, conditions)
