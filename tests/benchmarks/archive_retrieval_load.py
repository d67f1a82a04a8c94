"""Records, people and titles of an enterprise of two hundred units, by the million."""

from __future__ import annotations

import datetime
import itertools
import random
import time
import uuid
from typing import Any

from tests.benchmarks.chinese_corpus import Corpus

UNITS = 200
YEARS = range(2012, 2027)
#: Kinds of records by how frequent they are.
KIND_WEIGHTS = (30, 20, 12, 9, 7, 6, 5, 4, 3, 2, 1, 1)
CLASSES = tuple(f"DQ{number:02d}" for number in range(1, 11))
LOAD_BATCH = 2_000
#: Columns that a person in a record has from the record.
PERSON_COLUMNS = ("kind", "business_date", "captured_at")
#: A fifth of the records is generated, the rest are copies made inside the database.
COPIES = 4


class Generated:
    """Makes records that look like those of an enterprise of two hundred units."""

    def __init__(self, seed: int = 20261122) -> None:
        from portal.archives.sources import publishable_kinds
        from portal.organizations.models import Unit

        self.source = random.Random(seed)
        corpus = Corpus(1)
        self.words, self.weights = corpus.words, corpus.weights
        self.names = corpus.names
        self.units = list(Unit.objects.order_by("pk").values_list("pk", flat=True))[-UNITS:]
        self.unit_weights = list(
            itertools.accumulate(1 / (rank + 20) for rank in range(len(self.units)))
        )
        self.kinds = (list(publishable_kinds()) * 12)[:12]
        self.kind_weights = list(itertools.accumulate(KIND_WEIGHTS))
        self.items: dict[tuple[Any, ...], int] = {}

    def record(self, number: int) -> tuple[dict[str, Any], tuple[str, str]]:
        """Return the columns of a record that differ from its defaults, and two people."""
        source = self.source
        unit = source.choices(self.units, cum_weights=self.unit_weights)[0]
        rank = source.choices(range(12), cum_weights=self.kind_weights)[0]
        year = YEARS[int(len(YEARS) * source.random() ** 0.8)]
        moment = datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(
            minutes=source.randrange(325 * 1440), microseconds=number % 1_000_000
        )
        chance = source.random()
        if year == YEARS[-1]:
            state = "pool" if chance < 0.06 else "returned" if chance < 0.065 else "accepted"
        else:
            state = "apart" if chance < 0.03 else "superseded" if chance < 0.04 else "accepted"
        class_code = CLASSES[(rank * 3 + (chance > 0.9)) % len(CLASSES)]
        period = ("Y", "D30", "D10")[(rank + (source.random() < 0.25)) % 3]
        code = None
        if state == "accepted":
            lowest = (year, period, class_code)
            self.items[lowest] = item = self.items.get(lowest, 0) + 1
            code = f"Q001-WS·{year}-{period}-{class_code}-{item:04d}"
        columns = {
            "id": uuid.UUID(int=source.getrandbits(128), version=4),
            "source_id": f"bench-{number}",
            "kind": self.kinds[rank],
            "title": "".join(source.choices(self.words, cum_weights=self.weights, k=5)),
            "unit_id": unit,
            "business_date": moment.date(),
            "year": year,
            "captured_at": moment,
            "content_sha256": f"{number:064x}",
            "late": source.random() < 0.01,
            "state": state,
            "class_code": class_code if state != "apart" else "",
            "period": period if state != "apart" else "",
            "archive_code": code,
            "access_level": "open"
            if chance < 0.2
            else "controlled"
            if chance > 0.98
            else "internal",
        }
        clerk = f"{self.names[(unit * 7 + source.randrange(4)) % len(self.names)]}{unit % 9}"
        return columns, (clerk, self.names[source.randrange(60)])


def make_units() -> None:
    """Make a company, ten committees below it and branches below those; and the classes."""
    from portal.archives.models import ArchiveClass
    from portal.organizations.models import Unit, UnitKind
    from portal.organizations.services import create_unit

    for code in CLASSES:
        ArchiveClass.objects.get_or_create(code=code, defaults={"name": f"分类{code}"})
    company = Unit.objects.filter(depth=1).first() or create_unit(
        parent=None, name="测试能源有限公司", code="BENCH", kind=UnitKind.ADMINISTRATIVE
    )
    for number in range(10):
        committee = create_unit(
            parent=company, name=f"第{number}公司党委", code=f"B{number}", kind="party-committee"
        )
        for branch in range((UNITS - 10) // 10):
            create_unit(
                parent=committee,
                name=f"第{number}公司第{branch}党支部",
                code=f"B{number}-{branch}",
                kind="party-branch",
            )


class Writer:
    """Writes rows of a table as fast as the database takes them."""

    def __init__(self, model: Any, **constant: Any) -> None:
        from django.db import connection

        self.connection = connection
        row = model(**constant)
        self.table = model._meta.db_table
        # What Django would write for a new row, so that columns of other areas have a value.
        self.values = {
            str(field.column): field.get_db_prep_save(getattr(row, field.attname), connection)
            for field in model._meta.concrete_fields
            if not (field.primary_key and field.get_internal_type() == "BigAutoField")
        }

    def write(self, rows: list[dict[str, Any]]) -> None:
        """Write rows; columns that a row does not name have their default."""
        names = list({**self.values, **rows[0]})
        values = [[{**self.values, **row}[name] for name in names] for row in rows]
        columns = ", ".join(names)
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "sqlite":
                marks = ", ".join(["%s"] * len(names))
                cursor.executemany(
                    f"INSERT INTO {self.table} ({columns}) VALUES ({marks})",
                    [[_sqlite(value) for value in row] for row in values],
                )
                return
            with cursor.copy(f"COPY {self.table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)


def _sqlite(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    return value.isoformat() if isinstance(value, datetime.date) else value


def load(records: int) -> dict[str, float]:
    """Write records, people and the titles' index in batches; return seconds."""
    from django.db import connection, transaction

    from portal.archives.models import Record, RecordPerson, Render
    from portal.archives.retrieval import tallies
    from portal.search import structures

    make_units()
    generated = Generated()
    now = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
    record_rows = Writer(Record, source_kind="page", version=1, year=1, business_date=now.date())
    render_rows = Writer(Render, status="done", available_at=now, finished_at=now)
    person_rows = Writer(RecordPerson, business_date=now.date(), captured_at=now)
    index = Index()
    structures.suspend_index(connection)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Keys are random: with the usual two megabytes every row would move pages about.
            cursor.execute("PRAGMA cache_size = -2000000")
            cursor.execute("PRAGMA synchronous = OFF")
    started = time.perf_counter()
    for first in range(0, records // (COPIES + 1), LOAD_BATCH):
        made = [generated.record(number) for number in range(first, first + LOAD_BATCH)]
        with transaction.atomic():
            record_rows.write([columns for columns, _names in made])
            render_rows.write([{"record_id": columns["id"]} for columns, _names in made])
            person_rows.write(
                [
                    {
                        "record_id": columns["id"],
                        "name": name,
                        "part": part,
                        **{shared: columns[shared] for shared in PERSON_COLUMNS},
                    }
                    for columns, names in made
                    for name, part in zip(names, ("draft", "approve"), strict=True)
                ]
            )
            index.write([columns for columns, _names in made])
    multiply(COPIES)
    structures.settle(connection, first_load=True)
    loaded = time.perf_counter() - started
    begun = time.perf_counter()
    saved = tallies.compact()
    tallies.shrink()
    compacted = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    # Measured with the settings of the portal.
    connection.close()
    return {"load_seconds": loaded, "compact_seconds": compacted, "compacted_rows": saved}


def warm() -> None:
    """Read the whole database once, as days of work do: what is measured are not cold disks."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with open(str(connection.settings_dict["NAME"]), "rb") as file:
            while file.read(1 << 24):
                pass
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        cursor.execute(
            "SELECT sum(pg_prewarm(oid)) FROM pg_class"
            " WHERE relkind IN ('r', 'i', 't') AND pg_relation_size(oid) > 0"
        )


def multiply(copies: int) -> None:
    """Write copies of every generated record, its people and its index, inside the database.

    Copies have another key, number and code; in what is searched for they are alike, so every
    answer has as many more records as the archive.
    """
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection, transaction

    from portal.archives.models import Record, RecordPerson, Render
    from portal.search.models import SearchChunk, SearchDocument, SearchPosting

    family = ContentType.objects.get_for_model(Record).pk
    sqlite = connection.vendor == "sqlite"
    documents = SearchDocument.objects.filter(root_type=family)
    step = (documents.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    base = "source_id LIKE 'bench-%%' AND source_id NOT LIKE 'bench-%%-%%'"
    of_base = f"record_id IN (SELECT id FROM {Record._meta.db_table} WHERE {base})"
    indexed = f"root_type_id = {family} AND id < {step}"
    in_index = f"document_id IN (SELECT id FROM {SearchDocument._meta.db_table} WHERE {indexed})"

    def turned(column: str, by: int) -> str:
        """The digits of a key turned round: another key, the same for every table."""
        text = column if sqlite else f"replace(CAST({column} AS text), '-', '')"
        return f"substr({text}, {by + 1}) || substr({text}, 1, {by})"

    def key(column: str, by: int) -> str:
        return turned(column, by) if sqlite else f"CAST({turned(column, by)} AS uuid)"

    for copy in range(1, copies + 1):
        further = copy * step
        name = turned("object_id", copy)
        if not sqlite:
            name = f"CAST(CAST({name} AS uuid) AS text)"
        statements: list[tuple[Any, dict[str, str], str]] = [
            (
                Record,
                {
                    "id": key("id", copy),
                    "source_id": f"source_id || '-{copy}'",
                    "archive_code": f"archive_code || '{copy}'",
                },
                base,
            ),
            (Render, {"record_id": key("record_id", copy)}, of_base),
            (RecordPerson, {"record_id": key("record_id", copy)}, of_base),
            (
                SearchDocument,
                {"id": f"id + {further}", "object_id": name},
                indexed,
            ),
            (SearchChunk, {"document_id": f"document_id + {further}"}, in_index),
            (
                SearchPosting,
                {"position": f"position + {further}", "document_id": f"document_id + {further}"},
                in_index,
            ),
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            for model, changed, where in statements:
                columns = [
                    str(field.column)
                    for field in model._meta.concrete_fields
                    if not field.primary_key or field.column in changed
                ]
                values = ", ".join(changed.get(column, column) for column in columns)
                table = model._meta.db_table
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(columns)})"
                    f" SELECT {values} FROM {table} WHERE {where}".replace("%%", "%")
                )


class Index:
    """Puts titles into the search index; whole texts would only make the load longer."""

    def __init__(self) -> None:
        from django.contrib.contenttypes.models import ContentType
        from django.db import connection

        from portal.archives.models import Record
        from portal.search.models import SearchChunk, SearchDocument, SearchPosting

        self.connection = connection
        self.family = ContentType.objects.get_for_model(Record)
        now = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
        self.documents = Writer(
            SearchDocument,
            root_type_id=self.family.pk,
            content_type_id=self.family.pk,
            order_key=0,
            character_count=20,
            seen_at=now,
        )
        self.chunks = Writer(SearchChunk, number=0)
        self.postings = SearchPosting._meta.db_table
        newest = SearchDocument.objects.order_by("-pk").values_list("pk", flat=True).first()
        self.number = (newest or 0) + 1

    def write(self, records: list[dict[str, Any]]) -> None:
        """Index the titles of records."""
        from portal.search import text
        from portal.search.documents import facet_token
        from portal.search.models import DOCUMENT_BITS, order_key

        sqlite = self.connection.vendor == "sqlite"
        documents, chunks, postings = [], [], []
        for columns in records:
            key, title = self.number, columns["title"]
            self.number += 1
            normal = text.normalise(title)
            found = text.tokens(normal)
            tokens = sorted(
                {
                    *found,
                    *(text.TITLE_MARK + token for token in found),
                    facet_token(f"kind:{columns['kind']}"),
                    facet_token(f"level:{columns['access_level']}"),
                    facet_token(f"unit:{columns['unit_id']}"),
                }
            )
            order = order_key(self.family, columns["captured_at"])
            documents.append(
                {
                    "id": key,
                    "object_id": columns["id"].hex if sqlite else str(columns["id"]),
                    "order_key": order,
                    "title": title,
                    "title_normal": normal,
                }
            )
            chunks.append({"document_id": key, "text": title, "normal": normal})
            postings.append(
                (order << DOCUMENT_BITS | key, key, " ".join(tokens) if sqlite else tokens)
            )
        self.documents.write(documents)
        self.chunks.write(chunks)
        place = "%s" if sqlite else "array_to_tsvector(%s)"
        with self.connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self.postings} (position, document_id, tokens)"
                f" VALUES (%s, %s, {place})",
                postings,
            )
