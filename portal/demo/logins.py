"""The logins the sign-in page lists in demo mode."""

from __future__ import annotations

from typing import TypedDict

from django.utils.functional import Promise

from portal.demo.organization import LOGINS, PEOPLE, UNITS
from portal.roles.table import role


class ShownLogin(TypedDict):
    """One row of the list on the sign-in page."""

    username: str
    name: str
    role: str | Promise
    unit: str


def shown_logins() -> list[ShownLogin]:
    """Return one login per role (two where the role counts in a unit), in the table's order."""
    names = {person.number: person.name for person in PEOPLE}
    units = {unit.code: unit.name for unit in UNITS}
    return [
        ShownLogin(
            username=login.number,
            name=names[login.number],
            role=role(login.role).name,
            unit=units[login.unit],
        )
        for login in LOGINS
        if login.shown
    ]
