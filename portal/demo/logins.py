"""The logins that the sign-in page and `make run` show in demo mode."""

from __future__ import annotations

from typing import Any, TypedDict

from portal.demo.organization import LOGINS


class ShownLogin(TypedDict):
    """One row of the list of demo logins."""

    username: str
    name: str
    role: Any
    unit: str


def shown_logins() -> list[ShownLogin]:
    """Return the shown logins whose accounts exist, in the order of the demo data."""
    from portal.organizations.models import Unit
    from portal.people.models import User
    from portal.roles.table import role

    shown = [login for login in LOGINS if login.shown]
    names = {
        user.username: user.get_full_name()
        for user in User.objects.filter(
            username__in=[login.number for login in shown], is_active=True
        )
    }
    units = {
        unit.code: unit.display_name
        for unit in Unit.objects.filter(code__in={login.unit for login in shown})
    }
    return [
        ShownLogin(
            username=login.number,
            name=names[login.number],
            role=role(login.role).name,
            unit=units.get(login.unit, login.unit),
        )
        for login in shown
        if login.number in names
    ]
