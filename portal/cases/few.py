"""Cases that are few among many: looked up by their keys first, one condition after the other.

A condition that joins several ways to the same few cases leads a database through all of them;
each by itself is answered by an index.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from portal.cases.models import Case

MOST_LOOKED_UP = 500


def _ways(condition: Any) -> list[Q]:
    """Return conditions of which one has to hold, each of which an index can answer."""
    if not isinstance(condition, Q) or condition.negated or condition.connector == Q.XOR:
        return [Q(condition)]
    if condition.connector == Q.OR:
        return [way for child in condition.children for way in _ways(child)]
    ways = [Q()]
    for child in condition.children:
        ways = [before & way for way in _ways(child) for before in ways]
    return ways


def keys_of(conditions: Iterable[Q]) -> Any:
    """Return the keys of the cases that meet one of the conditions, for `pk__in`.

    Mostly none or few: told by their keys they cost a list nothing. Many stay a query.
    """
    asked = [way for condition in conditions for way in _ways(condition)]
    found: set[Any] = set()
    for condition in asked:
        rows = Case.objects.filter(condition).order_by().values_list("pk", flat=True)
        found.update(rows[: MOST_LOOKED_UP + 1])
        if len(found) > MOST_LOOKED_UP:
            every = Q(pk__in=[])
            for one in asked:
                every |= one
            return Case.objects.filter(every).order_by().values("pk")
    return list(found)
