"""Where each subject registers the demo texts of its own page kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from portal.demo.texts import Correction, DemoText

if TYPE_CHECKING:
    from wagtail.models import Page

    from portal.demo.loading import DemoWorld


@dataclass(frozen=True)
class DemoPart:
    """One kind of page in the demo.

    Attributes:
        kind: the page kind, for example "news".
        name: the Chinese name for progress lines.
        texts: live texts and open ones.
        corrections: remarks added to texts of this part later.
        parent: gives the page under which a text stands.
        build: makes the unsaved page with the fields of its own kind.
        drafter: employee number of who usually writes a text.
        reviewer: employee number of who usually reviews it on its day; never the drafter.
    """

    kind: str
    name: str
    texts: Sequence[DemoText]
    parent: Callable[[Any], Page]
    build: Callable[[Any], Any]
    drafter: Callable[[Any], str]
    reviewer: Callable[[Any], str]
    corrections: Sequence[Correction] = ()


@dataclass(frozen=True)
class DemoEvent:
    """Something that is no text and happens on a day of the demo, among the texts of that day.

    Attributes:
        run: does it unless it was done before; says whether it did anything.
    """

    code: str
    day: date
    run: Callable[[DemoWorld], bool]


_parts: dict[str, DemoPart] = {}
_events: dict[str, DemoEvent] = {}
_preparations: dict[str, Callable[[DemoWorld], None]] = {}


def register_part(part: DemoPart) -> None:
    """Register the texts of a page kind, once, when its application is ready."""
    _parts[part.kind] = part


def register_preparation(name: str, prepare: Callable[[DemoWorld], None]) -> None:
    """Register what must exist before texts are loaded, such as the pages of branches."""
    _preparations[name] = prepare


def register_event(event: DemoEvent) -> None:
    """Register something that happens, once, when its application is ready."""
    _events[event.code] = event


def events() -> list[DemoEvent]:
    """Return the registered events."""
    return list(_events.values())


def parts() -> list[DemoPart]:
    """Return the registered parts."""
    return list(_parts.values())


def preparations() -> dict[str, Callable[[DemoWorld], None]]:
    """Return the registered preparations by Chinese name."""
    return dict(_preparations)
