"""Pairs of conditions: exactly what a plain comparison finds, and never by reading everything."""

from __future__ import annotations

import datetime
import itertools
import random
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.archives.models import PoolItem, Record
from portal.archives.pool.listing import visible_items, waiting_count
from portal.archives.retrieval import conditions, finding
from portal.archives.retrieval.facets import COLUMNS
from portal.archives.retrieval.finding import find
from portal.archives.retrieval.forms import RetrievalForm
from portal.organizations.models import Unit
from tests.archives.found_records import make_record
from tests.factories.organizations import make_branch
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

KINDS = ("news", "notice", "policy")
NAMES = ("闻沅", "岑芮", "沈维钧")
WORDS = ("安全", "检身制度", "慰问")
SERIES = ("Q001-WS·2024-Y-DQ01-", "Q001-WS·2024-D30-DQ02-", "Q001-KJ·2025·Y·DQ01-")
#: Values of each condition, some of which nothing has.
VALUES: dict[str, list[dict[str, str]]] = {
    "unit": [{"unit": "PLAN-0"}, {"unit": "PLAN-1"}],
    "year": [{"year_from": "2024", "year_to": "2024"}, {"year_from": "2025"}],
    "kind": [{"kind": "news"}, {"kind": "policy"}],
    "class": [{"class_code": "DQ01"}],
    "period": [{"period": "D30"}],
    "state": [{"state": "accepted"}, {"state": "pool"}],
    "level": [{"level": "open"}],
    "person": [{"person": "闻沅"}, {"person": "无名"}],
    "title": [{"title": "安全"}, {"title": "无此词"}],
    "words": [{"q": "检身制度"}],
    "code": [
        *({"code": "Q001"}, {"code": "Q001-WS·2024-"}, {"code": "Q001-WS·2024-Y-DQ01-000"}),
        *({"code": "Q001-WS·2024-Y-DQ01-0003"}, {"code": "q001-k"}, {"code": "ODD"}),
    ],
    "date": [{"date_from": "2024-03-01", "date_to": "2024-09-30"}],
    "late": [{"late": "1"}],
}
PAIRS = list(itertools.combinations(VALUES, 2))


@pytest.fixture
def archive(monkeypatch) -> dict[str, Any]:
    """Records of three units, years and kinds, with people, codes and words; two accounts."""
    # Small limits, so that every way is taken.
    monkeypatch.setattr(finding, "RARE", 4)
    monkeypatch.setattr(finding, "FEW", 6)
    monkeypatch.setattr(conditions, "FEW", 6)
    Record.objects.update(access_level="controlled", unit=None)
    units = [make_branch(code=f"PLAN-{number}") for number in range(3)]
    source = random.Random(5)
    people: dict[Any, set[str]] = {}
    for number in range(90):
        state = source.choice(("accepted", "accepted", "pool"))
        code = f"{source.choice(SERIES)}{number:04d}" if state == "accepted" else None
        names = source.sample(NAMES, 2)
        level = source.choice(("open", "internal", "internal", "controlled"))
        record = make_record(
            f"{source.choice(WORDS)}第{number}件",
            business_date=datetime.date(2023 + number % 3, 1 + number % 12, 1 + number % 28),
            unit=source.choice(units),
            kind=source.choice(KINDS),
            state=state,
            archive_code="ODD" if number == 7 else code,
            class_code=source.choice(("DQ01", "DQ02")),
            period=source.choice(("Y", "D30")),
            access_level=level,
            late=source.random() < 0.3,
            made=number % 9 != 0,
            # One person in two parts is found once.
            people=[("draft", names[0]), ("submit", names[0]), ("approve", names[1])],
        )
        people[record.pk] = set(record.people.values_list("name", flat=True))
    return {
        "people": people,
        "accounts": {
            "archivist": make_user("archivist"),
            "branch": make_user("organization_member", unit=Unit.objects.get(code="PLAN-0")),
        },
    }


def fits(record: Record, asked: dict[str, str], people: set[str]) -> bool:
    """Compare a record with what is asked, one value after the other."""
    unit = record.unit.code if record.unit else ""
    day = record.business_date.isoformat()
    found = {
        "unit": lambda value: unit == value,
        "year_from": lambda value: record.year >= int(value),
        "year_to": lambda value: record.year <= int(value),
        "date_from": lambda value: day >= value,
        "date_to": lambda value: day <= value,
        "kind": lambda value: record.kind == value,
        "class_code": lambda value: record.class_code == value,
        "period": lambda value: record.period == value,
        "state": lambda value: record.state == value,
        "level": lambda value: record.access_level == value,
        "person": lambda value: value in people,
        "title": lambda value: value in record.title,
        "q": lambda value: value in record.title,
        "code": lambda value: (record.archive_code or "").startswith(value.upper()),
        "late": lambda value: record.late,
    }
    return all(found[name](value) for name, value in asked.items())


def may_read(name: str, record: Record) -> bool:
    if name == "archivist" or record.access_level == "open":
        return True
    own = record.unit is not None and record.unit.code == "PLAN-0"
    return own and record.access_level == "internal"


def plans() -> list[dict[str, str]]:
    return [
        {**one, **other}
        for first, second in PAIRS
        for one in VALUES[first]
        for other in VALUES[second]
    ]


def test_every_pair_of_conditions_finds_what_a_plain_comparison_finds(archive):
    # The words of a person's records that are not made yet are not known: they are no part of it.
    every = list(
        Record.objects.select_related("unit").order_by("-business_date", "-captured_at", "-pk")
    )
    for name, account in archive["accounts"].items():
        readable = [record for record in every if may_read(name, record)]
        for asked in plans():
            form = RetrievalForm(asked)
            assert form.is_valid(), form.errors
            found = find(account, form.conditions)
            people = archive["people"]
            wanted = [row for row in readable if fits(row, asked, people.get(row.pk, set()))]
            pages = found.paginator
            listed = [
                row.pk for number in pages.page_range for row in pages.page(number).object_list
            ]
            assert listed == [row.pk for row in wanted], (name, asked)
            assert found.total.value == len(wanted), (name, asked)
            for column in COLUMNS:
                counted = Counter(getattr(row, column) for row in wanted)
                assert +found.counts[column] == counted, (name, asked, column)


def statement_plans(statements: list[str]) -> list[str]:
    """Return the lines of the plans of statements."""
    lines = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table that fits into one page is always read whole, unless that is forbidden.
            cursor.execute("SET LOCAL enable_seqscan = off")
        for statement in statements:
            if "archives_record" not in statement or not statement.startswith(("SELECT", "WITH")):
                continue
            start = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
            cursor.execute((start + statement).replace("%", "%%"), [])
            lines += [f"{row[-1]}  <- {statement}" for row in cursor.fetchall()]
    return lines


def reads_everything(line: str) -> bool:
    plan = line.split("  <- ")[0].strip()
    tables = ("archives_record", "archives_recordperson", "portal_search_searchdocument")
    if connection.vendor == "sqlite":
        return any(plan in (f"SCAN {table}", f"SCAN {table} AS d") for table in tables)
    return any(f"Seq Scan on {table} " in plan for table in tables)


@pytest.mark.parametrize("name", ["archivist", "branch"])
def test_no_pair_of_conditions_reads_every_record(archive, name):
    account = archive["accounts"][name]
    read = []
    for asked in plans():
        form = RetrievalForm(asked)
        assert form.is_valid()
        with CaptureQueriesContext(connection) as captured:
            list(find(account, form.conditions).paginator.page(1).object_list)
        statements = [query["sql"] for query in captured.captured_queries]
        read += [line for line in statement_plans(statements) if reads_everything(line)]

    assert read == []


def test_what_stands_round_the_list_reads_no_record_but_those_that_wait(archive):
    """The numbers above every page of the office count what waits, not what is kept."""
    account = archive["accounts"]["archivist"]
    for record in Record.objects.filter(state="pool")[:3]:
        PoolItem.objects.create(record=record, entered_at=record.captured_at)
    client = Client()
    client.force_login(account)
    address = reverse("archive_records")
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, {"kind": "news"}).status_code == 200

    statements = [query["sql"] for query in captured.captured_queries]
    assert not [line for line in statement_plans(statements) if reads_everything(line)]
    assert not [sql for sql in statements if sql.endswith('FROM "archives_record")')]
    assert waiting_count(account) == 3
    assert '(SELECT "archives_record"."id"' not in str(visible_items(account).query)
