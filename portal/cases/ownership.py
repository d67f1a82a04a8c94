"""Files and personal data that belong to cases: who may read them, and who has read them."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases.models import Case
from portal.cases.permissions import is_own, is_party, is_reader, may_read
from portal.files.models import StoredFile
from portal.files.owners import register_owner
from portal.personal_data.reveals import note_look, register_look

OWNER_KIND = "case"
#: Under which the log of looks writes down papers.
PAPER = "files.StoredFile"


def owner_id(case: Case) -> str:
    """Return the key under which other applications attach things to a case."""
    return str(case.pk)


def _case(owner_id: str) -> Case | None:
    cases = Case.objects.filter(pk=uuid.UUID(owner_id))
    return cases.select_related("unit", "applicant", "beneficiary").first()


def may_read_papers(user: Any, case: Case) -> bool:
    """Whether the account may open the papers of a case: not every party needs them."""
    if not may_read(user, case):
        return False
    wanted = case.table.papers
    if wanted is None or is_own(user, case) or is_reader(user, case):
        return True
    return any(is_party(user, case, case.table.party(code)) for code in wanted)


def _may_read(user: Any, owner_id: str) -> bool:
    case = _case(owner_id)
    return case is not None and may_read_papers(user, case)


def _note(user: Any, file: StoredFile) -> None:
    case = _case(file.owner_id)
    if case is None or is_own(user, case) or file.uploaded_by_id == user.pk:
        return
    reason = _("Papers of case %(number)s") % {"number": case.number}
    note_look(PAPER, str(file.pk), user, reason, case.beneficiary or case.applicant)


def register() -> None:
    """Register cases as owners of private files."""
    register_owner(OWNER_KIND, _may_read, _note)
    register_look(PAPER, gettext_lazy("Papers that were handed in"))
