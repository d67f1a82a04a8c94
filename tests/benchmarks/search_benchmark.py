"""Chinese search over generated documents, compared with a reading of every document.

``python -m tests.benchmarks.search_benchmark --documents 200000 --database sqlite`` prints JSON.
With ``--database postgresql`` the server is the one of ``--url`` or DATABASE_URL; the database
named there must exist and be empty. The answers are compared with a brute force that reads every
document and looks for each query in its normalised text, without tokens and without the index.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks import chinese_corpus
from tests.benchmarks.chinese_corpus import Corpus, Generated
from tests.benchmarks.registry import Measurement, benchmark

QUERIES = 600
WITHOUT_HIT = 50
LOAD_BATCH = 500


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def in_milliseconds(function: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long a call took, and its result."""
    started = time.perf_counter()
    result = function()
    return (time.perf_counter() - started) * 1000, result


# ---- Queries


def candidate_queries(corpus: Corpus) -> tuple[dict[str, list[str]], list[str]]:
    """Return queries by kind, and a surplus of queries that probably find nothing."""
    source = random.Random(corpus.seed + 1)
    kinds: dict[str, list[str]] = {
        "words": [word for word in corpus.words[:400] if 2 <= len(word) <= 4][:100],
        "pieces of two": [],
        "pieces of three or four": [],
        "across sentence ends": [],
        "names": source.sample(corpus.names, min(150, len(corpus.names))),
    }
    taken = set(kinds["words"]) | set(kinds["names"])

    def add(kind: str, limit: int, query: str) -> None:
        if len(kinds[kind]) < limit and query not in taken and len(query) in (2, 3, 4):
            kinds[kind].append(query)
            taken.add(query)

    while sum(map(len, kinds.values())) < QUERIES - WITHOUT_HIT:
        body = corpus.document(source.randrange(corpus.documents)).body
        clauses = [part for part in body.replace("，", "。").split("。") if len(part) > 8]
        if len(clauses) < 2:
            continue
        clause = source.choice(clauses)
        if not clause.isascii() and not any(c.isdigit() for c in clause):
            start = source.randrange(len(clause) - 4)
            add("pieces of two", 125, clause[start : start + 2])
            start = source.randrange(len(clause) - 4)
            add("pieces of three or four", 125, clause[start : start + source.choice((3, 4))])
        first, second = source.sample(clauses, 2)
        add("across sentence ends", 50, (first[-2:] + second[:2])[: source.choice((3, 4))])
        if all(len(kinds[k]) >= n for k, n in (("pieces of two", 125), ("names", 150))):
            add("pieces of three or four", 1_000, clause[-3:])
    nothing: list[str] = []
    while len(nothing) < 400:
        # Pairs of characters that all occur, in an order that hardly does.
        first, second = source.choice(corpus.words[500:]), source.choice(corpus.words[500:])
        query = (second[-2:] + first[:2])[:4]
        if query not in taken and 2 <= len(query) <= 4:
            nothing.append(query)
            taken.add(query)
    return kinds, nothing


def expected_hits(texts: Iterable[tuple[int, str]], queries: list[str]) -> dict[str, set[int]]:
    """Return the numbers of the documents each query is in, by reading all the texts."""
    from portal.search.text import normalise

    needles = [(query, normalise(query)) for query in queries]
    found: dict[str, set[int]] = {query: set() for query in queries}
    for number, text in texts:
        normal = normalise(text)
        for query, needle in needles:
            if needle in normal:
                found[query].add(number)
    return found


def public_texts(corpus: Corpus, first_key: int) -> Iterator[tuple[int, str]]:
    """Return number and whole text of each document that visitors may read.

    Texts are read back as they were stored; the long ones, stored in pieces, are generated anew.
    """
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Page

    from portal.pages.models import Publication
    from portal.search.models import SearchChunk

    public = set(
        Publication.objects.filter(audience="public", page_id__gte=first_key).values_list(
            "page_id", flat=True
        )
    )
    family = ContentType.objects.get_for_model(Page)
    pieces = SearchChunk.objects.filter(number=0, document__root_type=family)
    for key, text in pieces.values_list("document__object_id", "text").iterator(2_000):
        number = int(key) - first_key
        if int(key) not in public:
            continue
        if number % chinese_corpus.LONG_EVERY == chinese_corpus.LONG_EVERY - 1:
            document = corpus.document(number)
            yield number, f"{document.title}\n{document.body}"
        else:
            yield number, text


def remembered_hits(
    texts: Iterable[tuple[int, str]], queries: list[str], remembered: Path | None
) -> dict[str, set[int]]:
    """Return the expected hits, read from a file of an earlier run where there is one."""
    if remembered and remembered.exists():
        return {query: set(hits) for query, hits in json.loads(remembered.read_text()).items()}
    found = expected_hits(texts, queries)
    if remembered:
        remembered.write_text(json.dumps({query: sorted(hits) for query, hits in found.items()}))
    return found


# ---- Load


def load(corpus: Corpus) -> dict[str, float]:
    """Write pages, list rows and the index in batches; return seconds and memory."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection, transaction
    from wagtail.models import Locale, Page

    from portal.pages.models import NewsPage, Publication
    from portal.search import storage, structures

    kind = ContentType.objects.get_for_model(NewsPage)
    family = ContentType.objects.get_for_model(Page)
    locale = Locale.get_default()
    first_key = first_free_key()
    spent = processor = 0.0
    structures.suspend_index(connection)
    for batch in batches(corpus):
        pages = [
            Page(
                pk=first_key + document.number,
                path=f"ZZZZ{document.number:08d}",
                depth=3,
                title=document.title,
                draft_title=document.title,
                slug=f"d{document.number}",
                url_path=f"/d{document.number}/",
                content_type=kind,
                locale=locale,
                first_published_at=document.moment,
            )
            for document in batch
        ]
        publications = [
            Publication(
                page_id=first_key + document.number,
                kind="news",
                title=document.title,
                summary="",
                url_path=f"/d{document.number}/",
                audience="public" if document.public else "employees",
                business_date=document.moment.date(),
                year=document.moment.year,
                published_at=document.moment,
            )
            for document in batch
        ]
        with transaction.atomic():
            Page.objects.bulk_create(pages)
            Publication.objects.bulk_create(publications)
        started, busy = time.perf_counter(), time.process_time()
        with transaction.atomic():
            storage.store(
                connection,
                [
                    (storage.new_document(content, family, kind, str(key)), content)
                    for key, content in contents(batch, first_key)
                ],
                replace=False,
            )
        spent += time.perf_counter() - started
        processor += time.process_time() - busy
    started, busy = time.perf_counter(), time.process_time()
    structures.settle(connection, first_load=True)
    spent += time.perf_counter() - started
    processor += time.process_time() - busy
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {
        "index_seconds": spent,
        "index_processor_seconds": processor,
        "peak_memory_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "first_key": first_key,
    }


def first_free_key() -> int:
    """Return the primary key after the last page."""
    from wagtail.models import Page

    newest: int = Page.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return newest + 1


def batches(corpus: Corpus) -> Iterator[list[Generated]]:
    """Cut the documents into pieces."""
    batch: list[Generated] = []
    for document in corpus:
        batch.append(document)
        if len(batch) == LOAD_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def contents(batch: list[Generated], first_key: int) -> Iterator[tuple[int, Any]]:
    """Return page keys with what the index holds of the page."""
    from portal.search import text
    from portal.search.documents import IndexedText

    for document in batch:
        yield (
            first_key + document.number,
            IndexedText(
                title=text.clean(document.title),
                body=text.clean(document.body),
                autocomplete=text.clean(document.title),
                moment=document.moment,
                facets=("kind:news",),
            ),
        )


# ---- Measurement


def measure(corpus: Corpus, first_key: int, remembered: Path | None) -> dict[str, Any]:
    """Ask every query; compare all hits and the first page with what was expected."""
    from django.contrib.auth.models import AnonymousUser
    from wagtail.models import Page

    from portal.pages.models import Publication
    from portal.search.conditions import from_text
    from portal.search.matching import collect, keys_matching
    from portal.search.queries import PAGE_SIZE, RELEVANCE, search, shown

    kinds, nothing = candidate_queries(corpus)
    asked = [query for queries in kinds.values() for query in queries]
    started = time.perf_counter()
    texts = public_texts(corpus, first_key)
    expected = remembered_hits(texts, asked + nothing, remembered)
    oracle_seconds = time.perf_counter() - started
    kinds["nothing"] = [query for query in nothing if not expected[query]][:WITHOUT_HIT]
    visitor = AnonymousUser()
    # The fronts of the sections are in the index too; the generated documents are news.
    public = Publication.objects.visible_to(visitor).of_kind("news")
    moments = {
        key - first_key: moment for key, moment in public.values_list("page_id", "published_at")
    }

    def first_page(query: str, **options: Any) -> Any:
        results = search(query, visitor, **options)
        return results, shown(results, results.hits[:PAGE_SIZE])

    def hits_of(query: str, limit: int) -> Any:
        return collect(Page, public, from_text(query), limit=limit)

    # Millions of expected numbers are no part of a portal: the collector need not visit them.
    gc.collect()
    gc.freeze()
    times: dict[str, list[float]] = {}
    pages: dict[str, Any] = {}
    for kind, queries in kinds.items():
        for query in queries:
            spent, pages[query] = in_milliseconds(partial(first_page, query))
            times.setdefault("newest", []).append(spent)
            times.setdefault(f"newest, {kind}", []).append(spent)
    for query in pages:
        spent, _ = in_milliseconds(partial(hits_of, query, PAGE_SIZE))
        times.setdefault("hits of the first page alone", []).append(spent)
    for query in pages:
        spent, _ = in_milliseconds(partial(hits_of, query, 1_001))
        times.setdefault("count alone", []).append(spent)
    for query in pages:
        spent, _ = in_milliseconds(partial(first_page, query, order=RELEVANCE))
        times.setdefault("relevance", []).append(spent)
    found = wanted = right = wrong_pages = wrong_counts = 0
    for query, (results, rows) in pages.items():
        truth = expected[query]
        keys = public.filter(pk__in=keys_matching(Page, from_text(query)))
        answer = {key - first_key for key in keys.values_list("pk", flat=True)}
        found += len(answer)
        wanted += len(truth)
        right += len(answer & truth)
        capped = min(len(truth), 1_000)
        wrong_counts += (int(results.count), results.count.more) != (capped, len(truth) > 1_000)
        best = sorted((moments[number] for number in truth), reverse=True)[:PAGE_SIZE]
        shown_moments = [moments[row.publication.page_id - first_key] for row in rows]
        marked = all("<mark>" in row.snippet + row.highlighted_title for row in rows)
        wrong_pages += shown_moments != best or not marked
    return {
        "queries": {kind: len(queries) for kind, queries in kinds.items()},
        "hits_expected": wanted,
        "recall": right / wanted if wanted else 1.0,
        "precision": right / found if found else 1.0,
        "wrong_counts": wrong_counts,
        "wrong_first_pages": wrong_pages,
        "oracle_seconds": oracle_seconds,
        "milliseconds": {
            name: {
                "p50": statistics.median(values),
                "p95": percentile(values, 0.95),
                "most": max(values),
            }
            for name, values in times.items()
        },
    }


def run(
    documents: int,
    database: str,
    url: str,
    *,
    reuse: bool = False,
    load_only: bool = False,
    remembered: Path | None = None,
) -> dict[str, Any]:
    """Set everything up in an empty database and measure.

    With *reuse* the database was loaded by an earlier run with the same number of documents,
    which may have been *load_only*. *remembered* is a file for the expected hits, which are
    the same for both databases.
    """
    with tempfile.TemporaryDirectory(prefix="search-benchmark-") as folder:
        if database == "sqlite" and not url.startswith("sqlite"):
            url = f"sqlite:///{folder}/portal.sqlite3"
        os.environ["DATABASE_URL"] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        corpus = Corpus(documents)
        loaded = {"first_key": first_free_key() - documents} if reuse else load(corpus)
        first_key = int(loaded.pop("first_key"))
        size = database_bytes()
        measured = {} if load_only else measure(corpus, first_key, remembered)
    return {
        "documents": documents,
        "database": database,
        **{name: round(value, 1) for name, value in loaded.items()},
        "database_megabytes": round(size / 1_000_000),
        **measured,
    }


def database_bytes() -> int:
    """Return what the database takes on disk, pages and list rows included."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


@benchmark("search")
def search_speed() -> Iterator[Measurement]:
    """The goals of the project, on both databases."""
    documents = os.environ.get("SEARCH_DOCUMENTS", "200000")
    with tempfile.TemporaryDirectory(prefix="search-benchmark-") as folder:
        yield from _both_databases(documents, f"{folder}/expected.json")


def _both_databases(documents: str, expected: str) -> Iterator[Measurement]:
    for database in ("sqlite", "postgresql"):
        command = [sys.executable, "-m", "tests.benchmarks.search_benchmark"]
        command += ["--documents", documents, "--database", database, "--expected", expected]
        if database == "postgresql":
            server = [sys.executable, "-m", "tests.infrastructure.postgresql", "--"]
            command = [*server, *command]
        answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        result = json.loads(answer.stdout[answer.stdout.index("{") :])
        speed = result["milliseconds"]
        yield Measurement(f"{database} recall", result["recall"], "", at_least=1)
        yield Measurement(f"{database} precision", result["precision"], "", at_least=1)
        yield Measurement(
            f"{database} wrong first pages", result["wrong_first_pages"], "pages", at_most=0
        )
        yield Measurement(f"{database} wrong counts", result["wrong_counts"], "counts", at_most=0)
        yield Measurement(
            f"{database} newest first, p95", speed["newest"]["p95"], "ms", at_most=100
        )
        yield Measurement(f"{database} newest first, p50", speed["newest"]["p50"], "ms")
        yield Measurement(f"{database} relevance, p95", speed["relevance"]["p95"], "ms")
        yield Measurement(f"{database} index", result["index_seconds"], "s")
        yield Measurement(f"{database} peak memory", result["peak_memory_megabytes"], "MB")


def main() -> int:
    """Run one measurement and print it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--url", default=os.environ.get("DATABASE_URL", ""))
    parser.add_argument("--reuse", action="store_true", help="the database is loaded already")
    parser.add_argument("--load-only", action="store_true", help="load, but ask nothing yet")
    parser.add_argument("--expected", type=Path, help="file to keep the expected hits in")
    options = parser.parse_args()
    result = run(
        options.documents,
        options.database,
        options.url,
        reuse=options.reuse,
        load_only=options.load_only,
        remembered=options.expected,
    )
    print(json.dumps(result, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
