"""Site search: what an account may read, filtered, counted, quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from wagtail.models import Page

from portal.organizations.models import Unit
from portal.pages.kinds import listed_kinds
from portal.pages.models import Publication
from portal.search.conditions import NOTHING, AllOf, Condition, Facet, from_text
from portal.search.excerpts import beginning, excerpt, marked, marking_pattern
from portal.search.matching import RANKED_HITS, Hit, collect, keys_matching, ranked
from portal.search.models import SearchChunk

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.people.models import User

#: Counts are exact up to here; further hits cannot be paged to.
COUNT_LIMIT = 1_000
#: Hits on a page.
PAGE_SIZE = 20
#: What may be typed, in characters.
LONGEST_QUERY = 100

NEWEST = "newest"
RELEVANCE = "relevance"
ORDERS = (NEWEST, RELEVANCE)


@dataclass(frozen=True, slots=True)
class CappedCount:
    """A number of hits that is exact up to :data:`COUNT_LIMIT`."""

    value: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.value}+" if self.more else str(self.value)

    def __int__(self) -> int:
        return self.value

    def __bool__(self) -> bool:
        return self.value > 0


@dataclass(frozen=True, slots=True)
class FoundPublication:
    """A row of the result list."""

    publication: Publication
    highlighted_title: SafeString
    snippet: SafeString

    def __getattr__(self, name: str) -> Any:
        # Templates show a result like any other publication.
        return getattr(self.publication, name)


class HitPaginator(Paginator[Hit]):
    """Pages of hits, of which the index already gave no more than can be paged to."""

    @cached_property
    def count(self) -> int:
        """The number of hits that can be paged to."""
        return min(len(self.object_list), COUNT_LIMIT)


@dataclass(frozen=True, slots=True)
class Results:
    """The outcome of a search.

    Attributes:
        hits: in the order asked for, at most :data:`COUNT_LIMIT` and one.
        condition: what was looked for.
        count: how many were found.
    """

    hits: Sequence[Hit] = ()
    condition: Condition = NOTHING
    count: CappedCount = field(default_factory=lambda: CappedCount(0))

    @property
    def paginator(self) -> HitPaginator:
        """The hits in pages of :data:`PAGE_SIZE`."""
        return HitPaginator(self.hits, PAGE_SIZE)


def find(
    model: type[Model],
    queryset: QuerySet[Any],
    typed: str,
    *,
    order: str = NEWEST,
    facets: Sequence[str] = (),
) -> Results:
    """Search indexed objects.

    Args:
        model: the indexed model.
        queryset: what may be found; its primary keys are those of *model*.
        typed: the words, all of which must be found.
        order: :data:`NEWEST` or :data:`RELEVANCE`, which weighs the newest
            :data:`~portal.search.matching.RANKED_HITS` hits.
        facets: facets the objects must have.
    """
    words = from_text(typed)
    if words == NOTHING:
        return Results()
    condition = AllOf((words, *(Facet(facet) for facet in facets))) if facets else words
    wanted = RANKED_HITS if order == RELEVANCE else COUNT_LIMIT + 1
    hits = collect(model, queryset, condition, limit=wanted)
    count = CappedCount(min(len(hits), COUNT_LIMIT), more=len(hits) > COUNT_LIMIT)
    if order == RELEVANCE:
        hits = ranked(condition, hits)
    return Results(hits, condition, count)


def matching(queryset: QuerySet[Any], typed: str) -> QuerySet[Any]:
    """Return the objects of a queryset of an indexed model that have all words, unordered."""
    condition = from_text(typed)
    if condition == NOTHING:
        return queryset.none()
    return queryset.filter(pk__in=keys_matching(queryset.model, condition))


def search(
    typed: str,
    user: User | AnonymousUser,
    *,
    kind: str | None = None,
    unit: Unit | None = None,
    year: int | None = None,
    order: str = NEWEST,
) -> Results:
    """Search what was published, as far as an account may read it."""
    publications = Publication.objects.visible_to(user)
    if kind:
        publications = publications.of_kind(kind)
    else:
        publications = publications.of_kind(*listed_kinds())
    if unit is not None:
        publications = publications.of_unit(unit)
    if year is not None:
        publications = publications.of_year(year)
    facets = [f"kind:{kind}"] if kind else []
    return find(Page, publications, typed, order=order, facets=facets)


def shown(results: Results, hits: Sequence[Hit]) -> list[FoundPublication]:
    """Return the rows of one page: publications with marked titles and excerpts."""
    publications = Publication.objects.select_related("unit").in_bulk([hit.key for hit in hits])
    pattern = marking_pattern(term.stretch for term in results.condition.terms())
    quotations = _quotations(results.condition, [hit.document for hit in hits], pattern)
    rows = []
    for hit in hits:
        publication = publications.get(hit.key)
        if publication is None:
            # Withdrawn since the hits were collected.
            continue
        quotation = quotations.get(hit.document)
        if quotation is None:
            quotation = beginning(publication.summary)
        rows.append(FoundPublication(publication, marked(publication.title, pattern), quotation))
    return rows


def _quotations(
    condition: Condition, documents: Sequence[int], pattern: re.Pattern[str] | None
) -> dict[int, SafeString]:
    """Return an excerpt for each document, from the first piece of text that has a hit."""
    found: dict[int, SafeString] = {}
    fallback: dict[int, SafeString] = {}
    pieces = (
        SearchChunk.objects.filter(document__in=documents)
        .filter(_any_needle(condition))
        .order_by("document_id", "number")
        .values_list("document_id", "number", "text", "document__title")
    )
    for document, number, piece, title in pieces:
        if document in found:
            continue
        # The first piece begins with the title, which the row shows anyway.
        body = piece[len(title) :].lstrip("\n") if number == 0 else piece
        quotation = excerpt(body, pattern)
        if quotation is not None:
            found[document] = quotation
        elif number == 0:
            fallback[document] = beginning(body)
    return {**fallback, **found}


def _any_needle(condition: Condition) -> Any:
    from django.db.models import Q

    wanted = Q(pk__in=[])
    for term in condition.terms():
        wanted |= Q(normal__contains=term.stretch.needle)
    return wanted
