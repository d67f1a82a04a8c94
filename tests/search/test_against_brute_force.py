"""A small run of the benchmark's comparison: index against reading every document."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from wagtail.models import Page

from portal.pages.models import Publication
from portal.search.conditions import from_text
from portal.search.matching import collect, keys_matching
from tests.benchmarks import chinese_corpus
from tests.benchmarks.search_benchmark import (
    candidate_queries,
    expected_hits,
    load,
    public_texts,
)

DOCUMENTS = 80


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_recall_and_precision_are_perfect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chinese_corpus, "LONG_EVERY", 40)
    corpus = chinese_corpus.Corpus(DOCUMENTS)
    first_key = int(load(corpus)["first_key"])
    kinds, nothing = candidate_queries(corpus)
    asked = [query for queries in kinds.values() for query in queries[::8]] + nothing[::20]
    expected = expected_hits(public_texts(corpus, first_key), asked)
    assert any(expected.values())
    assert not all(expected.values())
    public = Publication.objects.visible_to(AnonymousUser()).of_kind("news")
    moments = {document.number: document.moment for document in corpus}
    for query in asked:
        matching = public.filter(pk__in=keys_matching(Page, from_text(query)))
        assert {page.pk - first_key for page in matching} == expected[query], query
        hits = [hit.key - first_key for hit in collect(Page, public, from_text(query), limit=None)]
        assert hits == sorted(expected[query], key=lambda number: moments[number], reverse=True)
