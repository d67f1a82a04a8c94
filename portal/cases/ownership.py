"""Files and personal data that belong to cases: who may read them."""

from __future__ import annotations

import uuid
from typing import Any

from portal.cases.models import Case
from portal.cases.permissions import may_read
from portal.files.owners import register_owner

OWNER_KIND = "case"


def owner_id(case: Case) -> str:
    """Return the key under which other applications attach things to a case."""
    return str(case.pk)


def _may_read(user: Any, owner_id: str) -> bool:
    case = Case.objects.filter(pk=uuid.UUID(owner_id)).select_related("unit").first()
    return case is not None and may_read(user, case)


def register() -> None:
    """Register cases as owners of private files."""
    register_owner(OWNER_KIND, _may_read)
