"""Drafts of applications: deleted by their owner, with everything that hangs on them."""

from __future__ import annotations

from django.db import transaction

from portal.cases.models import Case
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.files import services as files


@transaction.atomic
def remove(case: Case) -> None:
    """Delete a draft, its subject and its files."""
    case.documents.all().delete()
    files.remove_of(OWNER_KIND, owner_id(case))
    if case.subject is not None:
        case.subject.delete()
    case.delete()
