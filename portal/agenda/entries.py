"""What a person is expected at: every application registers a source of its own dates."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

#: How long something without an end is taken to last when dates are compared.
USUAL_LENGTH = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """One date of one person.

    Attributes:
        key: the same for the same thing for ever, such as "activity-12".
        day: the date in Shanghai.
        starts_at: None for something that has a day and no time.
        url: where it stands, from the root of the portal.
        note: who asks, such as the branch.
        is_over: held or ended; it clashes with nothing any more.
    """

    key: str
    title: str
    day: datetime.date
    starts_at: datetime.datetime | None = None
    ends_at: datetime.datetime | None = None
    place: str = ""
    url: str = ""
    note: Any = ""
    is_over: bool = False

    @property
    def until(self) -> datetime.datetime | None:
        """When it ends, or probably ends."""
        if self.starts_at is None:
            return None
        return self.ends_at or self.starts_at + USUAL_LENGTH


Source = Callable[[Any, datetime.date, datetime.date], Iterable[Entry]]
_sources: dict[str, Source] = {}


def register_agenda(code: str, source: Source) -> None:
    """Add a source once, when its application is ready.

    Args:
        source: called with a person, the first and the last day; one query, however many dates.
    """
    _sources[code] = source


def entries_of(person: Any, first: datetime.date, last: datetime.date) -> list[Entry]:
    """Return what a person is expected at from one day to another, both included, in order."""
    if person is None:
        return []
    found = [entry for source in _sources.values() for entry in source(person, first, last)]
    return sorted(found, key=_place)


def _place(entry: Entry) -> tuple[datetime.date, bool, datetime.datetime, str]:
    start = entry.starts_at or timezone.now()
    return entry.day, entry.starts_at is not None, start, entry.key


def conflicts(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Return, by key, with what else an entry clashes; those without a time clash with nothing."""
    timed = sorted(
        (one for one in entries if one.starts_at is not None and not one.is_over),
        key=lambda one: (one.starts_at, one.key),
    )
    found: dict[str, list[Entry]] = defaultdict(list)
    for place, one in enumerate(timed):
        for other in timed[place + 1 :]:
            if other.starts_at >= one.until:  # type: ignore[operator]
                break
            found[one.key].append(other)
            found[other.key].append(one)
    return dict(found)
