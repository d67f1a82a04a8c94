"""Count the end of notices anew: after a pause, an answer, or a change of the calendar."""

from __future__ import annotations

from django.db import transaction

from portal.public_notices.locking import locked_notice, write_event
from portal.public_notices.models import NoticeEvent, NoticeState, PublicNotice
from portal.workdays.calendar import WorkingCalendar, current


def reckon(notice: PublicNotice, calendar: WorkingCalendar | None = None) -> bool:
    """Write state and end of an open notice as its pauses make them; say whether they changed.

    It never ends before the last day that was published. The notice must be locked.
    """
    end = notice.period().end(calendar or current())
    before = (notice.state, notice.ends_on, notice.estimated)
    if end is None:
        notice.state, notice.ends_on, notice.estimated = NoticeState.PAUSED, None, False
    else:
        notice.state = NoticeState.RUNNING
        notice.ends_on, notice.estimated = end
        if notice.page is not None and notice.page.ends_on > end.date:
            # People rely on the last day that was published: no calendar takes it from them.
            notice.ends_on = notice.page.ends_on
    changed = before != (notice.state, notice.ends_on, notice.estimated)
    if changed:
        notice.save(update_fields=["state", "ends_on", "estimated"])
    return changed


def follow_calendar(years: frozenset[int]) -> None:
    """Let the ends of running notices follow a calendar that changed.

    Called in the transaction of the change. A notice that stands still has no end to follow; it
    is counted with the new calendar when it goes on.
    """
    running = PublicNotice.objects.filter(state=NoticeState.RUNNING).order_by("pk")
    touched = [
        pk
        for pk, first, last in running.values_list("pk", "starts_on", "ends_on")
        # An end that came earlier or later may lie in the next year.
        if first and last and any(first.year <= year <= last.year + 1 for year in years)
    ]
    if not touched:
        return
    calendar = current()
    with transaction.atomic():
        for pk in touched:
            notice = locked_notice(pk)
            if notice.state == NoticeState.RUNNING and reckon(notice, calendar):
                write_event(notice, NoticeEvent.Kind.RECOMPUTED)
