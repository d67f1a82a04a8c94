"""Start, pause, resume and stop the clocks of a case, and compute their ends."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.cases.flow import ClockAction, Context
from portal.cases.models import Case, CaseClock, ClockPause
from portal.workdays import calendar as workdays
from portal.workdays.calendar import WorkingCalendar

# The share of a limit after which its handler, or its applicant, is reminded.
WARNED_AT = 0.8
APPLICANT_WARNED_AT = 0.5
BATCH = 1_000
COMPUTED = ("due_on", "warned_on", "estimated")


def compute(clock: CaseClock, calendar: WorkingCalendar) -> bool:
    """Set the computed columns of a clock; return whether any of them changed."""
    limit = clock.limit()
    due = limit.due(calendar)
    before = tuple(getattr(clock, name) for name in COMPUTED)
    clock.due_on, clock.estimated = due
    share = APPLICANT_WARNED_AT if clock.of_applicant else WARNED_AT
    clock.warned_on = limit.warned_on(calendar, share).date
    return before != tuple(getattr(clock, name) for name in COMPUTED)


def running(case: Case, code: str) -> CaseClock | None:
    """Return the clock of this code that has not ended."""
    return case.clocks.filter(code=code, ended_on=None).prefetch_related("pauses").first()


def is_over(clock: CaseClock | None, today: datetime.date) -> bool:
    """Whether the last day of a running clock lies before today; never without one."""
    return clock is not None and clock.due_on is not None and clock.due_on < today


def _start(context: Context, code: str, since: datetime.date | None = None) -> CaseClock:
    row = context.case.table.clock(code)
    clock = CaseClock(
        case=context.case,
        code=code,
        kind=row.kind.value,
        include_start=row.include_start,
        of_applicant=row.of_applicant,
        started_on=since or context.today,
        days=row.days(context.case, context.subject),
    )
    _end(context.case, code, context.today)
    clock.save(force_insert=True)
    _recompute(clock)
    return clock


def _start_from_hand_in(context: Context, code: str) -> None:
    """Start a clock on the day the case was handed in, with the pauses of the others until now."""
    handed_in = context.case.submitted_at or context.now
    clock = _start(context, code, timezone.localdate(handed_in))
    earlier = ClockPause.objects.filter(clock__case=context.case).exclude(clock=clock)
    for pause in earlier.order_by("since").values("reason", "since", "until").distinct():
        ClockPause.objects.create(
            clock=clock, **{**pause, "until": pause["until"] or context.today}
        )
    _recompute(_fresh(clock))


def _recompute(clock: CaseClock) -> None:
    compute(clock, workdays.current())
    clock.save(update_fields=COMPUTED)


def _end(case: Case, code: str, today: datetime.date) -> None:
    for clock in case.clocks.filter(code=code, ended_on=None):
        clock.pauses.filter(until=None).update(until=today)
        clock.ended_on = today
        clock.save(update_fields=["ended_on"])


def _pause(context: Context, code: str) -> None:
    clock = running(context.case, code)
    if clock is None or clock.pauses.filter(until=None).exists():
        return
    ClockPause.objects.create(clock=clock, reason=context.transition.code, since=context.today)
    _recompute(_fresh(clock))


def _resume(context: Context, code: str) -> None:
    clock = running(context.case, code)
    if clock is None:
        return
    clock.pauses.filter(until=None).update(until=context.today)
    _recompute(_fresh(clock))


def _fresh(clock: CaseClock) -> CaseClock:
    return CaseClock.objects.prefetch_related("pauses").get(pk=clock.pk)


_ACTIONS: dict[ClockAction, Callable[[Context, str], Any]] = {
    ClockAction.START: _start,
    ClockAction.START_FROM_HAND_IN: _start_from_hand_in,
    ClockAction.PAUSE: _pause,
    ClockAction.RESUME: _resume,
    ClockAction.STOP: lambda context, code: _end(context.case, code, context.today),
}


def turn_clocks(context: Context) -> None:
    """Do to the clocks what a transition says, in its order."""
    for code, action in context.transition.clocks:
        _ACTIONS[action](context, code)


def set_due(case: Case) -> None:
    """Copy the end of the clock of the case's state to the case; the caller saves it."""
    code = case.standing.clock
    clock = running(case, code) if code else None
    case.due_on = clock.due_on if clock else None
    case.due_on_estimated = bool(clock and clock.estimated)


def extend(clock: CaseClock, days: int, reason: str, user: object) -> None:
    """Add days to a clock that was not extended before; the caller checks who may."""
    clock.extension_days, clock.extension_reason = days, reason
    clock.extended_by = user  # type: ignore[assignment]
    clock.save(update_fields=["extension_days", "extension_reason", "extended_by"])
    _recompute(_fresh(clock))


def follow_calendar(years: frozenset[int]) -> None:
    """Compute anew when days of these years changed; called by the calendar."""
    recompute_all()


def recompute_all() -> int:
    """Compute the ends of all running clocks anew, after the calendar changed.

    Returns how many of them moved.
    """
    calendar = workdays.current()
    open_clocks = CaseClock.objects.filter(ended_on=None).order_by("pk")
    moved, last = 0, 0
    while batch := list(open_clocks.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        last = batch[-1]
        moved += _recompute_some(batch, calendar)
    return moved


@transaction.atomic
def _recompute_some(keys: list[int], calendar: WorkingCalendar) -> int:
    """Compute some clocks under the locks of their cases, as every step takes them."""
    of_clocks = CaseClock.objects.filter(pk__in=keys).values("case")
    cases = Case.objects.select_for_update().filter(pk__in=of_clocks).order_by("pk")
    by_key = {case.pk: case for case in cases}
    clocks = CaseClock.objects.filter(pk__in=keys, ended_on=None).prefetch_related("pauses")
    changed = [clock for clock in clocks if compute(clock, calendar)]
    CaseClock.objects.bulk_update(changed, COMPUTED)
    moved = []
    for clock in changed:
        case = by_key[clock.case_id]
        if case.standing.clock == clock.code:
            case.due_on, case.due_on_estimated = clock.due_on, clock.estimated
            moved.append(case)
    Case.objects.bulk_update(moved, ["due_on", "due_on_estimated"])
    return len(changed)
