"""The doors of the archive office: every part adds its own, pages show those one may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class DoorGroup(models.TextChoices):
    """What doors are about, in the order in which they are shown."""

    FINDING = "finding", _("Find, count, use")
    FILING = "filing", _("Take in")
    KEEPING = "keeping", _("Keep and prove")
    APPRAISING = "appraising", _("Appraise")
    RULES = "rules", _("Rules of filing")


@dataclass(frozen=True)
class Door:
    """One part of the office.

    Attributes:
        code: short name, also the icon of the component where there is one.
        allowed: who sees the door; the page behind it asks again.
        waiting: how many things wait behind it for this account; None when nothing is counted.
    """

    code: str
    title: Any
    description: Any
    url_name: str
    allowed: Callable[[Any], bool]
    group: DoorGroup
    position: int = 50
    waiting: Callable[[Any], int] | None = None

    @property
    def url(self) -> str:
        """Return the address behind the door."""
        return reverse(self.url_name)


_doors: dict[str, Door] = {}


def register_door(
    code: str,
    title: Any,
    description: Any,
    url_name: str,
    allowed: Callable[[Any], bool],
    *,
    group: DoorGroup,
    position: int = 50,
    waiting: Callable[[Any], int] | None = None,
) -> None:
    """Add a door once, when the application is ready."""
    _doors[code] = Door(code, title, description, url_name, allowed, group, position, waiting)


def doors_for(user: Any) -> list[Door]:
    """Return the doors this account may open, group by group, in their order."""
    groups = list(DoorGroup)
    allowed = [door for door in _doors.values() if door.allowed(user)]
    return sorted(allowed, key=lambda door: (groups.index(door.group), door.position, door.code))
