"""Find records: the total, one page, how they divide, all without reading what is not shown.

There are three ways. What the counts of alike records answer is answered by them: the exact
total, and in which years (and, for few, in which units) the wanted page lies. Words are asked
of the search index. Anything else is met on the way through the list, newest first, up to
`COUNT_LIMIT` records.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import Coalesce

from portal.archives.models import AccessLevel, Record, RecordTally, Render, RenderStatus
from portal.archives.querysets import RecordQuerySet
from portal.archives.retrieval.conditions import (
    BY_CODE,
    FEW,
    NEWEST_FIRST,
    OLDEST,
    OLDEST_FIRST,
    Conditions,
)
from portal.archives.retrieval.facets import COLUMNS, Counts, count_rows, count_tallies
from portal.archives.search import WAITING_RECORDS
from portal.search.matching import collect, in_batches, keys_matching
from portal.search.storage import object_key, root_type

#: Where the counts do not answer, the newest records that are found, counted and paged.
COUNT_LIMIT = 1_000
#: More than this is not put in order by archive code, which would read all of it.
MOST_IN_CODE_ORDER = 10_000
PAGE_SIZE = 20
#: Units by which a page is looked up where records are sparse.
FEW_UNITS = 60
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


class FoundRecords:
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

    def __getitem__(self, wanted: slice) -> list[Record]:
        raise NotImplementedError

    def every(self, limit: int) -> Iterator[Record]:
        """Yield the first records in order, at most so many."""
        raise NotImplementedError

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
        units: list[int | None] = []
        if number <= FEW:
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
        self.tallies = RecordTally.objects.visible_to(user).filter(conditions.tallied())
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
        if not conditions.has_counted_part:
            return conditions.of(self.visible)
        known = self.tallies.aggregate(
            records=Sum("number"),
            first=Min("year"),
            last=Max("year"),
            units=Count("unit_id", distinct=True),
        )
        if not known["records"]:
            return self.visible.none()
        part = self.visible
        if known["records"] <= FEW and known["units"] <= FEW_UNITS:
            units = self.tallies.order_by().values_list("unit_id", flat=True).distinct()
            part = part.filter(_in_units(list(units)))
        return conditions.of(part, _days([known["first"], known["last"]]))

    def _rows(self) -> list[tuple[Any, ...]]:
        """Return key, date, moment, code and divisions of the found records, newest first."""
        found = self._found()
        if not self.conditions.asks_for_words:
            return self._values(found.order_by(*self.conditions.newest_first)[: COUNT_LIMIT + 1])
        keys = self._fresh(found) | set(self._indexed(found))
        rows = [
            row
            for some in in_batches(list(keys), _KEYS_AT_ONCE)
            for row in self._values(self.visible.filter(pk__in=some))
        ]
        return sorted(rows, key=lambda row: (row[1], row[2], row[0]), reverse=True)

    @staticmethod
    def _values(records: RecordQuerySet) -> list[tuple[Any, ...]]:
        return list(
            records.values_list("pk", "business_date", "captured_at", "archive_code", *COLUMNS)
        )

    def _fresh(self, found: RecordQuerySet) -> set[uuid.UUID]:
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
        named = set(self._named(found.filter(pk__in=keys))) if keys else set()
        # Without an order, so that the index of controlled records is used and not that of dates.
        return named.union(self._named(found.filter(access_level=AccessLevel.CONTROLLED)))

    def _named(self, waiting: RecordQuerySet) -> list[uuid.UUID]:
        for word in self.conditions.words.split():
            waiting = waiting.filter(Q(title__icontains=word) | Q(reference__icontains=word))
        for word in self.conditions.title.split():
            waiting = waiting.filter(title__icontains=word)
        return list(waiting.order_by().values_list("pk", flat=True)[: COUNT_LIMIT + 1])

    def _indexed(self, found: RecordQuerySet) -> list[uuid.UUID]:
        condition = self.conditions.indexed()
        if self.conditions.unit is not None or self.conditions.person or self.conditions.code:
            # A unit has few records, frequent words have many: look into the few, or take all
            # that have the words at once.
            few = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
            if len(few) <= FEW:
                return matching_among(few, self.conditions)
            having = found.filter(pk__in=keys_matching(Record, condition))
            newest = having.order_by(*self.conditions.newest_first).values_list("pk", flat=True)
            return list(newest[: COUNT_LIMIT + 1])
        between = self.conditions.moments()
        hits = collect(Record, found, condition, limit=COUNT_LIMIT + 1, between=between)
        return [hit.key for hit in hits]


def matching_among(keys: Sequence[uuid.UUID], conditions: Conditions) -> list[uuid.UUID]:
    """Return those of some records whose text has the words, by reading their texts."""
    from portal.search.conditions import Dialect
    from portal.search.matching import reading_connection
    from portal.search.structures import DOCUMENTS

    connection = reading_connection()
    dialect = Dialect(connection.vendor)
    tests = [term.comparison(dialect, "d.id") for term in conditions.indexed().terms()]
    by_name = {object_key(Record(pk=key), connection): key for key in keys}
    where = " AND ".join(test.text for test in tests)
    values = [value for test in tests for value in test.parameters]
    found: list[uuid.UUID] = []
    with connection.cursor() as cursor:
        for some in in_batches(list(by_name), _KEYS_AT_ONCE):
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(
                f"SELECT d.object_id FROM {DOCUMENTS} d"  # noqa: S608  own names
                f" WHERE d.root_type_id = %s AND d.object_id IN ({marks}) AND {where}",
                [root_type(Record).pk, *some, *values],
            )
            found += [by_name[name] for (name,) in cursor.fetchall()]
    return found


def _cuts_series(conditions: Conditions) -> bool:
    """Whether the asked beginning of a code reaches into item numbers, which are not counted."""
    series = conditions.series
    return bool(series) and RecordTally.objects.filter(code_series=series).exists()


def find(user: Any, conditions: Conditions) -> FoundRecords:
    """Find what an account may read of what is asked for."""
    if conditions.is_counted and not _cuts_series(conditions):
        return CountedRecords(user, conditions)
    return ListedRecords(user, conditions)
