"""The lists of the pool: which items an account sees, by what waits and for whom."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.address_values import plain_text
from portal.archives.models import PoolItem, Record, RecordState
from portal.archives.permissions import pool_units, sees_pool
from portal.archives.querysets import PoolItemQuerySet, readable
from portal.organizations.models import Unit


class Tab(NamedTuple):
    """One list: its code in the address, its name, and which items belong to it."""

    code: str
    name: Any
    condition: Q


def tabs(today: datetime.date) -> list[Tab]:
    """Return the lists of the pool in their order."""
    waiting = Q(record__state=RecordState.POOL)
    returned = Q(record__state=RecordState.RETURNED)
    return [
        Tab("waiting", _("Waiting for acceptance"), waiting),
        Tab("returned", _("Returned"), returned),
        Tab("overdue", _("Overdue"), (waiting | returned) & Q(due_on__lt=today)),
        Tab("apart", _("Kept apart"), Q(record__state=RecordState.APART)),
    ]


def visible_items(user: Any) -> PoolItemQuerySet:
    """Return the items an account sees: archivist and auditor all, others of their units.

    A record that the account may not read shows in no list of the pool either.
    """
    return PoolItem.objects.of_units(pool_units(user)).filter(readable(user, "record__"))


def sees_item(user: Any, record: Record) -> bool:
    """Whether the account sees a pool item of this record."""
    return sees_pool(user) and visible_items(user).filter(pk=record.pk).exists()


def listed_items(request: HttpRequest) -> dict[str, Any]:
    """Return the chosen list with counts for all of them, filtered by unit and kind."""
    today = timezone.localdate()
    seen = visible_items(request.user)
    choices = tabs(today)
    codes = [tab.code for tab in choices]
    default = "waiting" if pool_units(request.user) is None else "returned"
    chosen = request.GET.get("list", default)
    if chosen not in codes:
        chosen = default
    counts = seen.aggregate(**{tab.code: Count("pk", filter=tab.condition) for tab in choices})
    items = seen.filter(choices[codes.index(chosen)].condition)
    unit = Unit.objects.filter(code=plain_text(request.GET.get("unit", ""))).first()
    if unit is not None:
        items = items.filter(unit__path__startswith=unit.path)
    kind = plain_text(request.GET.get("kind", ""))
    if kind:
        items = items.filter(record__kind=kind)
    return {
        "items": items.select_related("record", "unit", "archive_class", "rule").order_by(
            "due_on", "entered_at", "pk"
        ),
        "tabs": [
            {
                "code": tab.code,
                "name": tab.name,
                "count": counts[tab.code],
                "current": tab.code == chosen,
            }
            for tab in choices
        ],
        "chosen": chosen,
        "chosen_unit": unit,
        "chosen_kind": kind,
        "kinds": list(
            seen.filter(choices[codes.index(chosen)].condition)
            .order_by("record__kind")
            .values_list("record__kind", flat=True)
            .distinct()
        ),
        "units": list(
            Unit.objects.filter(
                pk__in=seen.filter(choices[codes.index(chosen)].condition).values("unit")
            ).order_by("path")
        ),
        "today": today,
    }


def waiting_count(user: Any) -> int:
    """Return how many items wait for this account: pool for the archivist, returns for a unit."""
    from portal.archives.permissions import may_receive

    state = RecordState.POOL if may_receive(user) else RecordState.RETURNED
    return visible_items(user).filter(record__state=state).count()
