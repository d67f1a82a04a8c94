"""What our engine relies on in modelsearch, which offers it for engines of one's own.

When this fails after an upgrade: read the changes of `modelsearch.backends.base` and `index`, run
the tests of this folder on both databases, then raise the version here.
"""

from __future__ import annotations

import inspect
from importlib.metadata import version

from modelsearch import index
from modelsearch.backends import base


def test_version_is_the_one_that_was_read() -> None:
    assert version("modelsearch").startswith("1.3.")
    assert version("wagtail").startswith("7.4.")


def test_hooks_of_results_are_there() -> None:
    for name in ("_do_search", "_do_count", "_clone", "_set_limits", "facet", "annotate_score"):
        assert callable(getattr(base.BaseSearchResults, name))
    source = inspect.getsource(base.BaseSearchResults)
    for attribute in ("self.start", "self.stop", "self._score_field", "self.query_compiler"):
        assert attribute in source


def test_hooks_of_compiler_index_and_backend_are_there() -> None:
    parameters = inspect.signature(base.BaseSearchQueryCompiler.__init__).parameters
    assert list(parameters)[1:] == [
        "queryset",
        "query",
        "fields",
        "operator",
        "order_by_relevance",
    ]
    for name in ("add_model", "add_items", "delete_item", "reset", "refresh"):
        assert callable(getattr(base.BaseIndex, name))
    for name in ("query_compiler_class", "autocomplete_query_compiler_class", "index_class"):
        assert hasattr(base.BaseSearchBackend, name)
    assert "rebuilder_class" in vars(base.BaseSearchBackend)


def test_fields_give_their_values() -> None:
    for field in (index.SearchField, index.AutocompleteField, index.RelatedFields):
        assert callable(field.get_value)
    assert callable(index.Indexed.get_search_fields)
