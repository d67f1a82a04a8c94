"""What the pages of safety work share: the branch of an address, and the choice of one."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from branches.members.permissions import kept_branches, may_keep, may_see_rosters, rosters
from portal.address_values import plain_text
from portal.office_pages import guarded
from portal.organizations.models import Unit

PAGE_SIZE = 30
MOST_ROWS = 20_000
for_readers = guarded(may_see_rosters)
for_keepers = guarded(lambda user: kept_branches(user).exists())
for_everybody = guarded(lambda user: user.is_authenticated)


def branch_of(request: HttpRequest, code: str) -> Unit:
    """Return a branch whose safety work the account keeps.

    Raises:
        Http404: there is none, or it is not the account's to see.
        PermissionDenied: the account sees it and may not write there, or it is dissolved.
    """
    found = rosters(request.user).filter(code=plain_text(code)).first()
    if found is None:
        raise Http404
    if not may_keep(request.user, found) or not found.is_valid_on():
        raise PermissionDenied
    return found


def version_of(request: HttpRequest) -> int | None:
    """Return the version a form was opened with; nonsense is older than everything."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1
