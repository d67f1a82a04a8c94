"""The doors of the case desk: subjects add pages of their own beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class CaseDoor:
    """One page beside the desk.

    Attributes:
        allowed: who sees the door, without a query where possible; the page asks again.
    """

    title: Any
    url_name: str
    allowed: Callable[[Any], bool]

    @property
    def url(self) -> str:
        """Return the address behind the door."""
        return reverse(self.url_name)


_doors: dict[str, CaseDoor] = {}


def register_case_door(title: Any, url_name: str, allowed: Callable[[Any], bool]) -> None:
    """Add a door once, when the application is ready."""
    _doors[url_name] = CaseDoor(title, url_name, allowed)


def case_doors_for(user: Any) -> list[CaseDoor]:
    """Return the doors this account may open, in the order of registration."""
    return [door for door in _doors.values() if door.allowed(user)]
