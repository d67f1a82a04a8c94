"""Who may read what was published. One rule for pages, lists, search, feeds and files."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from portal.pages.models.base import Audience
from portal.roles.permissions import assignments
from portal.roles.table import Scope


def reader_units(user: Any) -> list[str] | None:
    """Return the tree paths of the units whose own pages the account reads; None means all.

    These are the units of its role assignments with all below them, the person's own unit,
    and nothing else; enterprise-wide staff roles read everything.
    """
    if user.is_superuser:
        return None
    paths: set[str] = set()
    for assignment in assignments(user):
        if assignment.role.scope is Scope.ALL and assignment.role.staff:
            return None
        paths.add(assignment.unit.path)
    if user.person_id and user.person.unit_id:
        paths.add(user.person.unit.path)
    return sorted(paths)


def may_read(page: Any, user: Any) -> bool:
    """Whether the account may read a page, by the same rule as `Publication.visible_to`."""
    if page.audience == Audience.PUBLIC:
        return True
    if not user.is_authenticated or not user.is_active:
        return False
    if page.audience == Audience.EMPLOYEES:
        return True
    units = reader_units(user)
    unit = page.get_unit()
    if units is None:
        return True
    return unit is not None and any(unit.path.startswith(path) for path in units)


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
