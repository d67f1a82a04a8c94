"""How the found records divide into years, classes, periods, units, kinds and states."""

# ruff: noqa: S608 (statements are put together from names of our own columns only)

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Sum
from django.utils.translation import gettext as _

from portal.archives.models import ArchiveClass, RecordState, RetentionPeriod
from portal.archives.querysets import RecordTallyQuerySet
from portal.archives.retrieval.forms import RetrievalForm
from portal.archives.sources import publishable_kinds
from portal.organizations.models import Unit

#: The columns that records are divided by.
COLUMNS = ("year", "class_code", "period", "unit_id", "kind", "state")
#: Values of one division that are listed.
MOST_VALUES = 12

Counts = dict[str, Counter[Any]]


def count_rows(rows: Iterable[Sequence[Any]]) -> Counts:
    """Count rows whose values are those of `COLUMNS`."""
    counts: Counts = {column: Counter() for column in COLUMNS}
    for row in rows:
        for column, value in zip(COLUMNS, row, strict=True):
            counts[column][value] += 1
    return counts


def count_tallies(tallies: RecordTallyQuerySet) -> Counts:
    """Read the sums of all divisions in one statement, however many records they stand for."""
    counts: Counts = {column: Counter() for column in COLUMNS}
    grouped = tallies.order_by().values(*COLUMNS).annotate(records=Sum("number"))
    try:
        cells, parameters = grouped.query.get_compiler(using=tallies.db).as_sql()
    except EmptyResultSet:
        return counts
    parts = " UNION ALL ".join(
        f"SELECT '{column}', CAST({column} AS text), sum(records) FROM cells GROUP BY {column}"
        for column in COLUMNS
    )
    with connections[tallies.db].cursor() as cursor:
        cursor.execute(f"WITH cells AS ({cells}) {parts}", parameters)
        for column, value, number in cursor.fetchall():
            if number:
                known = value is not None and column in ("year", "unit_id")
                counts[column][int(value) if known else value] = int(number)
    return counts


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value with the number of found records and the address that asks for it."""

    label: str
    number: int
    query: str


@dataclass(frozen=True, slots=True)
class FacetList:
    """One division of the found records."""

    code: str
    title: str
    values: list[FacetValue] = field(default_factory=list)
    left_out: int = 0


def facet_lists(form: RetrievalForm, counts: Counts) -> list[FacetList]:
    """Return the divisions that narrow the search further; those with one value do not."""
    fields: dict[str, Any] = form.fields
    found: list[FacetList] = []

    def add(code: str, title: Any, pairs: Iterable[tuple[str, int, dict[str, Any]]]) -> None:
        values = [FacetValue(label, number, form.query(**asked)) for label, number, asked in pairs]
        if len(values) > 1:
            found.append(
                FacetList(code, str(title), values[:MOST_VALUES], len(values[MOST_VALUES:]))
            )

    years = sorted(counts["year"].items(), reverse=True)
    add(
        "year",
        _("Year"),
        ((str(year), number, {"year_from": year, "year_to": year}) for year, number in years),
    )
    for code, column, names in (
        ("class_code", "class_code", None),
        ("period", "period", RetentionPeriod),
        ("kind", "kind", None),
        ("state", "state", RecordState),
    ):
        labels = dict(fields[code].choices)
        order = list(labels) if names is not None else None
        chosen = [(value, number) for value, number in counts[column].items() if value]
        chosen.sort(key=lambda pair: -pair[1] if order is None else order.index(pair[0]))
        add(
            code,
            fields[code].label,
            ((str(labels.get(value, value)), number, {code: value}) for value, number in chosen),
        )
    add("unit", _("Unit"), _unit_values(form, counts["unit_id"]))
    return found


def _unit_values(
    form: RetrievalForm, counts: Counter[Any]
) -> list[tuple[str, int, dict[str, Any]]]:
    """Count each unit with all below it; return the level that divides the found records."""
    own = {unit.pk: unit for unit in form.units if counts.get(unit.pk)}
    if len(own) < 2:
        return []
    below: Counter[str] = Counter()
    step = Unit.steplen
    for key, unit in own.items():
        for end in range(step, len(unit.path) + 1, step):
            below[unit.path[:end]] += counts[key]
    total = sum(counts[key] for key in own)
    # Down the tree as long as everything lies under one unit.
    top = ""
    while True:
        level = [path for path in below if len(path) == len(top) + step and path.startswith(top)]
        if len(level) != 1 or below[level[0]] != total or not _has_below(below, level[0]):
            break
        top = level[0]
    by_path = {unit.path: unit for unit in form.units}
    values = [
        (by_path[path].name, below[path], {"unit": by_path[path].code})
        for path in sorted(level, key=lambda path: (-below[path], path))
    ]
    return values


def _has_below(below: Counter[str], path: str) -> bool:
    return any(other != path and other.startswith(path) for other in below)


def class_names() -> dict[str, str]:
    """Return the names of all classes by their codes."""
    return {found.code: found.name for found in ArchiveClass.objects.all()}


def kind_names() -> dict[str, Any]:
    """Return the names of all kinds by their codes."""
    return publishable_kinds()
