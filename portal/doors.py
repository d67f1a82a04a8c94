"""Doors of an office: subjects add pages of their own, each account sees those it may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class Door:
    """One page of an office.

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


class Doors:
    """The doors of one office, in the order of registration."""

    def __init__(self) -> None:
        self._doors: dict[str, Door] = {}

    def register(self, title: Any, url_name: str, allowed: Callable[[Any], bool]) -> None:
        """Add a door once, when the application is ready."""
        self._doors[url_name] = Door(title, url_name, allowed)

    def of(self, user: Any) -> list[Door]:
        """Return the doors this account may open."""
        return [door for door in self._doors.values() if door.allowed(user)]
