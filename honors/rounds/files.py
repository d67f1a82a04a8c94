"""Materials of nominations, kept as private files."""

from __future__ import annotations

from typing import Any

from honors.models import Nomination
from honors.rounds.permissions import may_read
from portal.files.models import StoredFile
from portal.files.owners import register_owner
from portal.files.services import files_of

OWNER = "honor-nomination"


def _may_read(user: Any, owner_id: str) -> bool:
    if not owner_id.isdecimal():
        return False
    rows = Nomination.objects.select_related("round__case__unit", "branch", "person")
    nomination = rows.filter(pk=int(owner_id)).first()
    return nomination is not None and may_read(user, nomination)


def register() -> None:
    """Register once, when the application is ready."""
    register_owner(OWNER, _may_read)


def materials(nomination: Nomination) -> list[StoredFile]:
    """Return the files of a nomination."""
    return list(files_of(OWNER, str(nomination.pk)))
