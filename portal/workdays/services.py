"""Change the calendar of a year."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction

from portal.workdays.changes import announce
from portal.workdays.models import CalendarDay, CalendarVersion, CalendarYear
from portal.workdays.published import PublishedDay


@transaction.atomic
def write_year(
    year: int,
    days: Iterable[PublishedDay],
    *,
    source: str,
    moment: datetime.datetime,
    imported_by: str = "",
) -> CalendarYear:
    """Put the published days of a year in the place of those before, all or nothing.

    Deadlines that touch the year are recomputed in the same transaction.

    Raises:
        ValueError: a day belongs to another year.
    """
    # Two imports at once: the second waits here and then replaces what the first wrote.
    CalendarVersion.objects.select_for_update().filter(pk=1).first()
    rows = [CalendarDay(date=day.date, kind=day.kind, name=day.name) for day in days]
    if any(row.date.year != year for row in rows):
        raise ValueError(f"A day does not belong to {year}.")
    CalendarDay.objects.filter(date__year=year).delete()
    CalendarDay.objects.bulk_create(rows)
    written, _created = CalendarYear.objects.update_or_create(
        year=year,
        defaults={"source": source, "imported_at": moment, "imported_by": imported_by},
    )
    announce([year])
    return written
