"""Two-condition searches over a million archive records, with counts, as the page shows them.

``python -m tests.benchmarks.archive_retrieval_benchmark --records 1000000 --database sqlite``
prints JSON. With ``--database postgresql`` the server is the one of ``--url`` or DATABASE_URL; the
database named there must exist and be empty. Half of the searches take both values from a record,
so that something is found; the other half mixes the values of two records.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from tests.benchmarks.archive_retrieval_load import CLASSES, Generated, load, warm
from tests.benchmarks.chinese_corpus import Corpus
from tests.benchmarks.registry import Measurement, benchmark

#: Title words of which searches are made: frequent ones and rare ones.
FREQUENT_WORDS = 40
SEARCHES_OF_A_PAIR = 20
PAIRS = (
    ("unit", "year"),
    ("kind", "year"),
    ("unit", "kind"),
    ("class_code", "period"),
    ("state", "kind"),
    ("state", "class_code"),
    ("period", "unit"),
    ("level", "year"),
    ("person", "year"),
    ("person", "kind"),
    ("title", "year"),
    ("title", "kind"),
    ("title", "unit"),
    ("q", "kind"),
    ("code", "kind"),
    ("date", "kind"),
    ("late", "kind"),
)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def values_of(record: Any, words: list[str], source: random.Random) -> dict[str, dict[str, str]]:
    """Return the values of each condition that a record gives, by the name of the condition."""
    names = list(record.people.values_list("name", flat=True))
    frequent = [word for word in words[:FREQUENT_WORDS] if word in record.title]
    title = source.choice(frequent) if frequent and source.random() < 0.5 else record.title[2:5]
    code = record.archive_code or "Q001-WS·2020-Y-DQ01"
    day = record.business_date
    return {
        "unit": {"unit": record.unit.code},
        "year": {"year_from": str(record.year), "year_to": str(record.year)},
        "kind": {"kind": record.kind},
        "class_code": {"class_code": record.class_code or CLASSES[0]},
        "period": {"period": record.period or "Y"},
        "state": {"state": record.state},
        "level": {"level": record.access_level},
        "person": {"person": source.choice(names)},
        "title": {"title": title},
        "q": {"q": title},
        "code": {"code": code[: source.choice((7, 12, 22, 27))]},
        "date": {
            "date_from": f"{day - datetime.timedelta(days=60):%Y-%m-%d}",
            "date_to": f"{day + datetime.timedelta(days=60):%Y-%m-%d}",
        },
        "late": {"late": "1"},
    }


def searches(words: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the name of each pair of conditions with the values of a search."""
    from portal.archives.models import Record

    source = random.Random(7)
    newest = Record.objects.order_by("-business_date").values_list("pk", flat=True)
    total = newest.count()
    sample = [newest[source.randrange(total)] for _ in range(60)]
    records = list(
        Record.objects.filter(pk__in=sample).select_related("unit").prefetch_related("people")
    )
    for first, second in PAIRS:
        for number in range(SEARCHES_OF_A_PAIR):
            one = source.choice(records)
            other = one if number % 2 else source.choice(records)
            yield (
                f"{first} + {second}",
                {
                    **values_of(one, words, source)[first],
                    **values_of(other, words, source)[second],
                },
            )


def measure(words: list[str]) -> dict[str, Any]:
    """Ask every search as an archivist and as an officer of one branch."""
    from django.test import Client, RequestFactory
    from django.urls import reverse

    from portal.archives.retrieval.facets import facet_lists
    from portal.archives.retrieval.finding import find
    from portal.archives.retrieval.forms import RetrievalForm
    from portal.organizations.models import Unit
    from portal.people.models import User
    from tests.factories.people import make_user

    asked = list(searches(words))
    branch = Unit.objects.get(pk=Generated().units[3])
    accounts = {
        name: User.objects.filter(username=f"bench-{name}").first()
        or make_user(role, unit=unit, username=f"bench-{name}")
        for name, role, unit in (
            ("archivist", "archivist", None),
            ("branch", "organization_member", branch),
        )
    }
    times: dict[str, dict[str, list[float]]] = {name: {} for name in accounts}
    # What other programs of the machine take is not in it; nor is a database server.
    processor: dict[str, list[float]] = {name: [] for name in accounts}
    pages: list[float] = []
    found_total = 0
    address = reverse("archive_records")
    for name, account in accounts.items():
        client = Client()
        client.force_login(account)
        client.get(address, {"year_from": "2020"})
        # The values of the searches are not the portal's to go through again and again.
        gc.collect()
        gc.freeze()
        for pair, values in asked:
            user = User.objects.get(pk=account.pk)
            request = RequestFactory().get(address, values)
            started, busy = time.perf_counter(), time.process_time()
            form = RetrievalForm(request.GET)
            assert form.is_valid(), form.errors
            found = find(user, form.conditions)
            page = list(found.paginator.get_page(1).object_list)
            facet_lists(form, found.counts)
            spent = (time.perf_counter() - started) * 1000
            processor[name].append((time.process_time() - busy) * 1000)
            times[name].setdefault(pair, []).append(spent)
            found_total += len(page)
            if name == "archivist":
                started = time.perf_counter()
                response = client.get(address, values)
                pages.append((time.perf_counter() - started) * 1000)
                assert response.status_code == 200
    everything = {}
    client = Client()
    client.force_login(accounts["archivist"])
    for what, values in (("nothing asked", {}), ("page 20,000", {"page": "20000"})):
        started = time.perf_counter()
        assert client.get(address, values).status_code == 200
        everything[what] = (time.perf_counter() - started) * 1000
    return {
        "searches": len(asked),
        "rows_shown": found_total,
        "milliseconds": {
            name: {
                "p50": statistics.median(_all(pairs)),
                "p95": percentile(_all(pairs), 0.95),
                "max": max(_all(pairs)),
                "processor p50": statistics.median(processor[name]),
                "processor p95": percentile(processor[name], 0.95),
                "pairs": {
                    pair: [round(percentile(spent, 0.5), 1), round(max(spent), 1)]
                    for pair, spent in pairs.items()
                },
            }
            for name, pairs in times.items()
        },
        "page": {"p50": statistics.median(pages), "p95": percentile(pages, 0.95)},
        "whole archive": everything,
        "insert": insert_cost(),
    }


def _all(pairs: dict[str, list[float]]) -> list[float]:
    return [spent for values in pairs.values() for spent in values]


def insert_cost(rows: int = 400) -> dict[str, float]:
    """Return microseconds for the row of one record, with and without the counting triggers."""
    from django.db import connection, transaction

    from portal.archives.models import Record
    from portal.archives.retrieval import tallies
    from portal.archives.statements import FixedInsert

    insert = FixedInsert(Record)
    generated = Generated(seed=3)
    cost = {}
    for name in ("with counts", "without counts"):
        spent = 0.0
        with transaction.atomic():
            if name == "without counts":
                tallies.remove(connection)
            for number in range(rows):
                columns = {**generated.record(number)[0], "archive_code": None}
                record = Record(
                    **{**columns, "source_id": f"cost-{number}", "source_kind": "page"},
                    version=1,
                )
                started = time.perf_counter()
                insert.write([record])
                spent += time.perf_counter() - started
            transaction.set_rollback(True)
        cost[name] = spent / rows * 1_000_000
    return cost


def run(records: int, database: str, url: str, reuse: bool = False) -> dict[str, Any]:
    """Set everything up in an empty database, or take a loaded one, and measure."""
    with tempfile.TemporaryDirectory(prefix="retrieval-benchmark-") as folder:
        if database == "sqlite" and not url.startswith("sqlite"):
            url = f"sqlite:///{folder}/portal.sqlite3"
        os.environ["DATABASE_URL"] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
        import django
        from django.conf import settings
        from django.core.management import call_command

        django.setup()
        settings.ALLOWED_HOSTS = ["*"]
        call_command("migrate", verbosity=0)
        loaded = {} if reuse else load(records)
        warm()
        measured = measure(Corpus(1).words)
    return {
        "records": records,
        "database": database,
        **{name: round(value, 1) for name, value in loaded.items()},
        **measured,
    }


@benchmark("archive_retrieval")
def retrieval_speed() -> Iterator[Measurement]:
    """The goal of the project, on both databases."""
    records = os.environ.get("RETRIEVAL_RECORDS", "1000000")
    for database in ("sqlite", "postgresql"):
        command = [sys.executable, "-m", "tests.benchmarks.archive_retrieval_benchmark"]
        command += ["--records", records, "--database", database]
        environment = dict(os.environ)
        if database == "postgresql":
            # Room for tables and indexes, as the deployment page advises.
            environment["POSTGRESQL_SHARED_BUFFERS"] = "4GB"
            server = [sys.executable, "-m", "tests.infrastructure.postgresql", "--"]
            command = [*server, *command]
        answer = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, check=True, env=environment
        )
        result = json.loads(answer.stdout[answer.stdout.index("{") :])
        for name, speed in result["milliseconds"].items():
            yield Measurement(f"{database} {name}, p95", speed["p95"], "ms", at_most=100)
            yield Measurement(f"{database} {name}, p50", speed["p50"], "ms")
        yield Measurement(f"{database} whole page, p95", result["page"]["p95"], "ms")
        for name, spent in result["whole archive"].items():
            yield Measurement(f"{database} {name}, whole page", spent, "ms")
        yield Measurement(f"{database} load", result["load_seconds"], "s")
        for name, spent in result["insert"].items():
            yield Measurement(f"{database} row of a record {name}", spent, "µs")


def main() -> int:
    """Run one measurement and print it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--url", default=os.environ.get("DATABASE_URL", ""))
    parser.add_argument("--reuse", action="store_true", help="the database is loaded already")
    options = parser.parse_args()
    result = run(options.records, options.database, options.url, options.reuse)
    print(json.dumps(result, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
