"""Who answers for a record that belongs to no single unit, such as a register or a list.

The pool accepts nothing without a responsible unit (责任单位), so each source names one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from portal.organizations.models import Unit

if TYPE_CHECKING:
    from portal.people.models import User


def responsible_unit(people: Iterable[User | None], using: str, within: Any = None) -> Unit | None:
    """Return the office of the first of these people that has one, else the enterprise.

    Args:
        people: accounts, read with their person and its unit, in the order in which they answer.
        within: a unit of the enterprise; any of them without it.
    """
    for user in people:
        if user is not None and user.person is not None and user.person.unit is not None:
            return user.person.unit
    roots = Unit.objects.using(using).filter(depth=1)
    if within is not None:
        roots = roots.filter(path=within.path[: Unit.steplen])
    return roots.order_by("path").first()
