"""The search engine behind every ``search()`` and ``autocomplete()``, the Wagtail admin's too.

Set as ``{"default": {"BACKEND": "portal.search.backends"}}``. It works on SQLite and on
PostgreSQL, whichever the database of the index is.

Only what modelsearch offers for own engines is used; `tests/search/test_modelsearch_version.py`
fails when an upgrade changes it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Count, Model, QuerySet
from django.utils import timezone
from modelsearch.backends.base import (
    BaseIndex,
    BaseSearchBackend,
    BaseSearchQueryCompiler,
    BaseSearchResults,
    FilterFieldError,
    SearchFieldError,
)
from modelsearch.query import MatchAll

from portal.search import storage, structures
from portal.search.conditions import EVERYTHING, Condition, Scope, from_query
from portal.search.matching import (
    RANKED_HITS,
    Hit,
    collect,
    in_batches,
    keys_matching,
    ranked,
)
from portal.search.models import SearchDocument


class PortalQueryCompiler(BaseSearchQueryCompiler):
    """Keeps queryset and condition; filters are left to the database, whatever they are."""

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True
    open_end = False

    @property
    def scope(self) -> Scope:
        """Which text is searched. Fields other than the title count as one: the body."""
        if self.fields and set(self.fields) == {"title"}:
            return Scope.TITLE
        return Scope.EVERYTHING

    @property
    def condition(self) -> Condition:
        """What is looked for."""
        return from_query(self.query, scope=self.scope, open_end=self.open_end)

    def check(self) -> None:
        """Refuse unknown fields. Any filter and any order will do: it is all one database.

        Raises:
            SearchFieldError: a field is not among the model's search fields.
        """
        allowed = {field.field_name for field in self.queryset.model.get_searchable_search_fields()}
        for name in self.fields or ():
            if name not in allowed:
                raise SearchFieldError(
                    f'Cannot search with field "{name}". Please add index.SearchField("{name}")'
                    f" to {self.queryset.model.__name__}.search_fields.",
                    field_name=name,
                )


class PortalAutocompleteCompiler(PortalQueryCompiler):
    """The same over autocomplete fields; the last Latin word may be unfinished."""

    open_end = True

    @property
    def scope(self) -> Scope:
        """Always the autocomplete fields."""
        return Scope.AUTOCOMPLETE


class PortalSearchResults(BaseSearchResults):
    """Results by relevance, or in the order of the queryset when the caller asks for that."""

    supports_facet = True

    def _matching(self) -> QuerySet[Any]:
        compiler = self.query_compiler
        queryset: QuerySet[Any] = compiler.queryset
        if compiler.condition == EVERYTHING or isinstance(compiler.query, MatchAll):
            return queryset
        return queryset.filter(pk__in=keys_matching(queryset.model, compiler.condition))

    def _do_search(self) -> list[Model]:
        compiler = self.query_compiler
        if compiler.order_by_relevance and not isinstance(compiler.query, MatchAll):
            return self._by_relevance()
        found = self._matching()
        if not found.query.order_by:
            # Without an order, pages of the list could overlap.
            found = found.order_by("-pk")
        return list(found[self.start : self.stop])

    def _by_relevance(self) -> list[Model]:
        compiler = self.query_compiler
        queryset = compiler.queryset
        enough = None if self.stop is None else max(self.stop, RANKED_HITS)
        hits = collect(queryset.model, queryset, compiler.condition, limit=enough)
        hits = ranked(compiler.condition, hits[:RANKED_HITS]) + hits[RANKED_HITS:]
        return self._objects(hits[self.start : self.stop])

    def _objects(self, hits: list[Hit]) -> list[Model]:
        queryset = self.query_compiler.queryset
        found: dict[Any, Model] = {}
        for some in in_batches(hits, 2_000):
            for instance in queryset.filter(pk__in=[hit.key for hit in some]):
                found[instance.pk] = instance
        if self._score_field:
            for hit in hits:
                if hit.key in found:
                    setattr(found[hit.key], self._score_field, hit.score)
        return [found[hit.key] for hit in hits if hit.key in found]

    def _do_count(self) -> int:
        counted = self._matching().order_by().count()
        stop = counted if self.stop is None else min(self.stop, counted)
        return max(stop - self.start, 0)

    def facet(self, field_name: str) -> OrderedDict[Any, int]:
        """Count the results by the values of a filter field, most frequent first.

        Raises:
            FilterFieldError: the field is not among the model's filter fields.
        """
        model = self.query_compiler.queryset.model
        fields = model.get_filterable_search_fields()
        # Wagtail's search page asks for the column, content_type_id, as its own backends want it.
        if field_name not in {
            name for field in fields for name in (field.field_name, field.get_attname(model))
        }:
            raise FilterFieldError(
                f'Cannot facet search results with field "{field_name}".', field_name=field_name
            )
        counted = (
            self._matching()
            .order_by()
            .values_list(field_name)
            .annotate(count=Count("pk"))
            .order_by("-count", field_name)
        )
        return OrderedDict(counted)


class PortalIndex(BaseIndex):
    """The one index of the portal, in its own tables."""

    rebuilding = False

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        """Index objects of one model, a hundred at a time."""
        if model.get_search_fields():  # type: ignore[attr-defined]
            storage.write(model, items, mark_seen=self.rebuilding)

    def delete_item(self, item: Model) -> None:
        """Take an object out of the index."""
        storage.remove(item)

    def reset(self) -> None:
        """Empty the index."""
        structures.clear(storage.writing_connection())

    def __str__(self) -> str:
        return "portal"


class PortalRebuilder:
    """Rebuilds while searches go on: writes what changed, then removes what was not seen."""

    def __init__(self, index: PortalIndex) -> None:
        self.index = index
        self.started: datetime = timezone.now()
        self.first_load = False

    def start(self) -> PortalIndex:
        """Prepare the load and return the index."""
        self.started = timezone.now()
        connection = storage.writing_connection()
        self.index.rebuilding = True
        self.first_load = not SearchDocument.objects.using(connection.alias).exists()
        if self.first_load:
            structures.suspend_index(connection)
        return self.index

    def finish(self) -> None:
        """Remove documents of objects that are gone and tidy up."""
        connection = storage.writing_connection()
        SearchDocument.objects.using(connection.alias).filter(seen_at__lt=self.started).delete()
        structures.settle(connection, first_load=self.first_load)
        self.index.rebuilding = False


class PortalSearchBackend(BaseSearchBackend):
    """Chinese full-text search on SQLite and PostgreSQL."""

    query_compiler_class = PortalQueryCompiler
    autocomplete_query_compiler_class = PortalAutocompleteCompiler
    index_class = PortalIndex
    results_class = PortalSearchResults
    rebuilder_class = PortalRebuilder

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        vendor = storage.writing_connection().vendor
        if vendor not in ("sqlite", "postgresql"):
            raise ImproperlyConfigured(f"portal.search does not work on {vendor}.")


SearchBackend = PortalSearchBackend
