"""The expiry queue (期满鉴定): what has expired or will soon, by year, unit and period."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.address_values import NotUnderstood, plain_text, read_year
from portal.archives.appraisal.querysets import under_hold
from portal.archives.models import DestructionEntry, Record, RecordState, RetentionPeriod
from portal.archives.querysets import RecordQuerySet
from portal.organizations.models import Unit

LONGEST_QUERY = 80


class Tab(NamedTuple):
    """One list: its code in the address and its name."""

    code: str
    name: Any


TABS = (
    Tab("expired", _("Expired")),
    Tab("held", _("Under a legal hold")),
    Tab("listed", _("On a destruction list")),
    Tab("soon", _("Expiring within a year")),
)


class Filters(NamedTuple):
    """What the reader asked for, and what of it was not understood."""

    tab: str = "expired"
    year: int | None = None
    unit: Unit | None = None
    period: str = ""
    words: str = ""
    problems: tuple[str, ...] = ()


def read_filters(query: Any) -> Filters:
    """Read the filters of an address; what is not understood is left out and said."""
    problems: list[str] = []
    year = None
    try:
        year = read_year(query.get("year", ""))
    except NotUnderstood as problem:
        problems.append(str(problem))
    code = plain_text(query.get("unit", ""))
    unit = Unit.objects.filter(code=code).first() if code else None
    if code and unit is None:
        problems.append(str(_("There is no such unit.")))
    period = plain_text(query.get("period", ""))
    tab = query.get("list", "expired")
    return Filters(
        tab=tab if tab in {one.code for one in TABS} else "expired",
        year=year,
        unit=unit,
        period=period if period in RetentionPeriod.values else "",
        words=plain_text(query.get("q", ""), LONGEST_QUERY),
        problems=tuple(problems),
    )


def queue(user: Any, filters: Filters, today: datetime.date | None = None) -> RecordQuerySet:
    """Return the records of a list, the longest expired first; permanent ones are never in it."""
    day = today or timezone.localdate()
    listed = DestructionEntry.objects.filter(record=OuterRef("pk"), counts=True)
    records = (
        Record.objects.visible_to(user)
        .filter(state=RecordState.ACCEPTED, expires_on__isnull=False)
        .select_related("unit", "next")
        .annotate(held=under_hold(day), listed=Exists(listed))
        .order_by("expires_on", "archive_code")
    )
    if filters.tab == "soon":
        records = records.filter(
            expires_on__gte=day, expires_on__lte=day + datetime.timedelta(days=365)
        )
    else:
        records = records.filter(expires_on__lt=day)
        records = {
            "held": lambda: records.filter(held=True),
            "listed": lambda: records.filter(listed=True),
        }.get(filters.tab, lambda: records.filter(held=False, listed=False))()
    if filters.year is not None:
        records = records.filter(year=filters.year)
    if filters.unit is not None:
        records = records.filter(unit__path__startswith=filters.unit.path)
    if filters.period:
        records = records.filter(period=filters.period)
    if filters.words:
        records = records.filter(title__icontains=filters.words) | records.filter(
            archive_code__startswith=filters.words
        )
    return records


def waiting_count(user: Any) -> int:
    """Return how many expired records wait for a decision."""
    return queue(user, Filters()).order_by().count()
