"""What the applicant reads: whose turn it is, what to do, until when, and what happened.

Each sentence has at most 25 characters in Chinese; a test asks every state of every flow.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.cases.flow import PREVIOUS, DayKind, Flow, PartyKind, State
from portal.cases.history import public_words
from portal.cases.models import Case, CaseClock, CaseEvent
from portal.workdays import calendar as workdays

LONGEST_SENTENCE = 25


@dataclass(frozen=True)
class Status:
    """The head of the page.

    Attributes:
        headline: the big words after 现在轮到, or how it ended.
        is_final: nothing is left to come.
        todo: what the applicant has to do.
        sentences: until when, and how many days are left; the dates are emphasised.
        is_late: the office is late.
    """

    headline: str
    is_final: bool
    todo: str
    sentences: list[str] = field(default_factory=list)
    is_late: bool = False


def written(day: datetime.date) -> str:
    """Return a day as people write it: 2026年12月2日."""
    return date_format(day, "DATE_FORMAT")


def _strong(sentence: str, **values: Any) -> str:
    marked = {name: format_html("<strong>{}</strong>", value) for name, value in values.items()}
    return format_html(sentence, **marked)


def clocks_of(case: Case) -> list[CaseClock]:
    """Return the clocks of a case with their pauses, in the order they started."""
    return list(case.clocks.prefetch_related("pauses"))


def running_clock(case: Case, clocks: list[CaseClock]) -> CaseClock | None:
    """Return the clock that says when the present state ends."""
    code = case.standing.clock
    return next((row for row in clocks if row.code == code and row.ended_on is None), None)


def is_paused(clock: CaseClock) -> bool:
    """Whether a clock stands still."""
    return any(pause.until is None for pause in clock.pauses.all())


def days_left(clock: CaseClock, due_on: datetime.date, today: datetime.date) -> int:
    """Return how many days of its kind are left; negative when the last one is over."""
    if clock.kind == DayKind.CALENDAR.value:
        return (due_on - today).days
    left = clock.limit().left(today, workdays.current())
    # On a day off after the last day no working day has been missed yet: nothing is left.
    return max(left, 0) if today <= due_on else left


def _days(clock: CaseClock, count: int) -> str:
    if clock.kind == DayKind.CALENDAR.value:
        return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
    return ngettext("%(count)d working day", "%(count)d working days", count) % {"count": count}


def due_sentences(
    clock: CaseClock | None,
    today: datetime.date,
    *,
    ends_by_itself: bool = False,
    until: Any = "",
) -> Iterator[str]:
    """Yield until when something lasts, and how many days are left.

    Args:
        ends_by_itself: whether nothing is lost by letting the time go by.
        until: what is said of the last day instead, with `{date}`.
    """
    if clock is None:
        yield _("This step has no time limit.")
        return
    if clock.due_on is None:
        yield _("The time limit stands still now.")
        return
    if until:
        yield _strong(str(until), date=written(clock.due_on))
        return
    if clock.of_applicant and ends_by_itself:
        # Nothing is lost by doing nothing, so nobody is pressed.
        yield _strong(_("It ends by itself after {date}."), date=written(clock.due_on))
        return
    left = days_left(clock, clock.due_on, today)
    late = clock.due_on < today
    if late:
        yield _strong(_("The last day was {date}."), date=written(clock.due_on))
        if clock.of_applicant:
            yield _("Please call us soon.")
        elif left < 0:
            yield _strong(_("It is {days} late."), days=_days(clock, -left))
        return
    if clock.of_applicant:
        yield _strong(_("Please do it by {date}."), date=written(clock.due_on))
    else:
        yield _strong(_("It ends on {date} at the latest."), date=written(clock.due_on))
    if left > 0:
        yield _strong(_("{days} are left."), days=_days(clock, left))
    else:
        yield _("Today is the last day.")
    if clock.estimated:
        yield _("The date is an estimate.")


def status_of(case: Case, clocks: list[CaseClock], today: datetime.date) -> Status:
    """Return what the head of the applicant's page says."""
    state = case.standing
    if state.final:
        return Status(str(state.name), True, str(state.outcome))
    clock = running_clock(case, clocks)
    row = case.table.clock(clock.code) if clock else None
    by_itself = row is not None and bool(row.then) and not row.lapses
    until = row.until if row is not None else ""
    sentences = list(due_sentences(clock, today, ends_by_itself=by_itself, until=until))
    party = case.table.party(state.party) if state.party else None
    if clock is not None and clock.of_applicant and _office_waits(case, clocks):
        sentences.append(_("Our own time stands still meanwhile."))
    late = clock is not None and clock.due_on is not None and clock.due_on < today
    return Status(
        headline=str(party.turn or party.name) if party else str(state.name),
        is_final=False,
        todo=str(state.todo),
        sentences=sentences,
        is_late=late and clock is not None and not clock.of_applicant,
    )


def _office_waits(case: Case, clocks: list[CaseClock]) -> bool:
    return any(row.ended_on is None and not row.of_applicant and is_paused(row) for row in clocks)


# ---- the time line


@dataclass(frozen=True)
class Happening:
    """One line below a step: when, what, and the reason in the office's words."""

    at: datetime.datetime
    words: str
    reason: str = ""


@dataclass
class Stage:
    """One step of the time line.

    Attributes:
        standing: `done`, `now` or `ahead`.
        on: when it was done.
    """

    name: str
    standing: str
    on: datetime.datetime | None = None
    happenings: list[Happening] = field(default_factory=list)


def _is_detour(table: Flow, state: State) -> bool:
    """Whether a state, such as a correction, leads back to where the case was."""
    return any(row.target == PREVIOUS for row in table.leading_from(state.code))


class _Line:
    """Puts the events of one case on the steps of its flow."""

    def __init__(self, case: Case, events: list[CaseEvent]) -> None:
        self.case = case
        self.table = case.table
        self.events = events
        self.order = {step.code: place for place, step in enumerate(self.table.steps)}
        self.step_of = {state.code: state.step for state in self.table.states}
        self.detours = {state.step for state in self.table.states if _is_detour(self.table, state)}

    def left(self) -> dict[str, datetime.datetime]:
        """Return when each step was left the last time."""
        return {
            self.step_of.get(event.from_state, ""): event.at
            for event in self.events
            if self.step_of.get(event.from_state) != self.step_of.get(event.to_state)
        }

    def happenings(self) -> dict[str, list[Happening]]:
        """Return the lines below each step: reasons, detours and ways back."""
        found: dict[str, list[Happening]] = {}
        for event in self.events:
            words = public_words(self.table, event)
            source = self.step_of.get(event.from_state, "")
            target = self.step_of.get(event.to_state, "")
            onward = self.order.get(target, -1) > self.order.get(source, -1)
            detour = source in self.detours or target in self.detours
            if not words or (onward and not detour and not event.note_public):
                continue
            place = source if onward or source in self.detours else target
            if target in self.detours:
                place = target
            found.setdefault(place or source, []).append(
                Happening(event.at, words, event.note_public)
            )
        return found

    def anchor(self) -> int:
        """Return the place up to which steps lie behind the case."""
        state = self.case.standing
        if state.final:
            return len(self.order)
        code = state.code
        if state.step in self.detours and self.case.previous_state:
            code = self.case.previous_state
        return self.order.get(self.step_of[code], -1)


def time_line(case: Case, events: list[CaseEvent]) -> list[Stage]:
    """Return the steps of a case: what is done with its date, what runs, what lies ahead.

    A step that was passed over, such as a correction nobody needed, is left out.
    """
    line = _Line(case, events)
    left, below, anchor = line.left(), line.happenings(), line.anchor()
    now = "" if case.standing.final else case.standing.step
    stages = []
    for place, step in enumerate(case.table.steps):
        if step.code == now:
            stage = Stage(str(step.name), "now")
        elif step.code in left and place < anchor:
            stage = Stage(str(step.name), "done", left[step.code])
        elif place >= anchor and step.code not in line.detours:
            stage = Stage(str(step.name), "ahead")
        elif below.get(step.code):
            stage = Stage(str(step.name), "done")
        else:
            continue
        stage.happenings = below.get(step.code, [])
        stages.append(stage)
    if case.standing.final:
        stages.append(Stage(str(case.standing.name), "done", case.closed_at))
    return stages


def is_applicants_turn(case: Case) -> bool:
    """Whether the case waits for the applicant."""
    code = case.standing.party
    return bool(code) and case.table.party(code).kind is PartyKind.APPLICANT
