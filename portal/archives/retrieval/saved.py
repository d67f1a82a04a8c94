"""Saved searches: conditions under a name, for their owner alone."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.archives.models import SavedSearch
from portal.archives.models.retrieval import MAX_SEARCH_QUERY
from portal.archives.refusals import SearchNotSaved
from portal.archives.retrieval.forms import RetrievalForm

MOST_SEARCHES = 100


def understood(query: str) -> str:
    """Return the conditions of an address and nothing else of it.

    Raises:
        SearchNotSaved: there are none, they are not valid, or they are too long to keep.
    """
    form = RetrievalForm(QueryDict(query))
    if not form.is_valid():
        raise SearchNotSaved(_("These conditions are not valid. Please put them right first."))
    conditions = form.query()
    if not conditions:
        raise SearchNotSaved(_("Nothing is asked for yet. Choose conditions, then save them."))
    if len(conditions) > MAX_SEARCH_QUERY:
        raise SearchNotSaved(
            _("These conditions are too long to be kept. Take some away or shorten the words.")
        )
    return conditions


@transaction.atomic
def save(user: Any, name: str, query: str) -> SavedSearch | None:
    """Keep conditions under a name; None when the owner has one of this name.

    Raises:
        SearchNotSaved: the conditions are not valid, or the owner keeps too many.
    """
    conditions = understood(query)
    if SavedSearch.objects.filter(owner=user).count() >= MOST_SEARCHES:
        raise SearchNotSaved(
            _("You keep %(most)d searches already. Delete one first.") % {"most": MOST_SEARCHES}
        )
    try:
        with transaction.atomic():
            return SavedSearch.objects.create(
                owner=user, name=name, query=conditions, saved_at=timezone.now()
            )
    except IntegrityError:
        return None


def rename(search: SavedSearch, name: str) -> bool:
    """Give a search another name; False when the owner has one of this name."""
    try:
        with transaction.atomic():
            search.name = name
            search.save(update_fields=["name"])
    except IntegrityError:
        return False
    return True
