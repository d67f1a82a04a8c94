"""Who may read what was published. One rule for pages, lists, search, feeds and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from portal.pages.models.base import Audience
from portal.roles.permissions import assignments, is_external
from portal.roles.table import Scope


@dataclass(frozen=True)
class ReaderUnits:
    """The units whose own pages an account reads, by their paths in the tree.

    Attributes:
        trees: units read with all below them, from staff roles.
        units: units read by themselves, from personal roles and the person's own unit; who
            works at headquarters does not read every branch by that.
    """

    trees: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()

    def cover(self, path: str) -> bool:
        """Whether pages of the unit at a path are read."""
        return path in self.units or any(path.startswith(tree) for tree in self.trees)


def reader_units(user: Any) -> ReaderUnits | None:
    """Return the units whose own pages the account reads; None means all of them."""
    if user.is_superuser:
        return None
    trees: set[str] = set()
    units: set[str] = set()
    for assignment in assignments(user):
        if assignment.role.scope is Scope.ALL and assignment.role.staff:
            return None
        (trees if assignment.role.staff else units).add(assignment.unit.path)
    if user.person_id and user.person.unit_id:
        units.add(user.person.unit.path)
    return ReaderUnits(frozenset(trees), frozenset(units))


def may_read(page: Any, user: Any) -> bool:
    """Whether the account may read a page, by the same rule as `Publication.visible_to`."""
    if page.audience == Audience.PUBLIC:
        return True
    if not user.is_authenticated or not user.is_active or is_external(user):
        return False
    if page.audience == Audience.EMPLOYEES:
        return True
    units = reader_units(user)
    unit = page.get_unit()
    if units is None:
        return True
    return unit is not None and units.cover(unit.path)


def refuse_or_sign_in(page: Any, request: HttpRequest) -> HttpResponse | None:
    """Return a redirect to sign-in for strangers, refuse others who may not read, else None.

    Raises:
        PermissionDenied: the account is signed in and may not read the page.
    """
    if page.audience == Audience.PUBLIC or may_read(page, request.user):
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise PermissionDenied
