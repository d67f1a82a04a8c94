"""Ways from a unit or a person to what subjects keep of them.

A page of one subject cannot know the pages of another; each registers its own when it is ready.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RecordLink:
    """One way.

    Attributes:
        address: of the page for a unit or person.
        allowed: whether an account may go there, from the unit or person; the page asks again.
    """

    title: Any
    address: Callable[[Any], str]
    allowed: Callable[[Any, Any], bool]


_of_units: dict[str, RecordLink] = {}
_of_people: dict[str, RecordLink] = {}


def register_unit_link(code: str, link: RecordLink) -> None:
    """Add a way from units, once, when the application is ready."""
    _of_units[code] = link


def register_person_link(code: str, link: RecordLink) -> None:
    """Add a way from people, once, when the application is ready."""
    _of_people[code] = link


def unit_links(unit: Any, user: Any) -> list[tuple[Any, str]]:
    """Return titles and addresses of the ways from a unit that an account may go."""
    found = _of_units.values()
    return [(link.title, link.address(unit)) for link in found if link.allowed(user, unit)]


def person_links(person: Any, user: Any) -> list[tuple[Any, str]]:
    """Return titles and addresses of the ways from a person that an account may go."""
    found = _of_people.values()
    return [(link.title, link.address(person)) for link in found if link.allowed(user, person)]
