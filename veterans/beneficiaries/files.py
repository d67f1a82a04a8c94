"""Who reads the private files of the register: certificates and letters of authority."""

from __future__ import annotations

from typing import Any

from portal.cases.listing import staff_cases
from portal.files.owners import register_owner
from veterans.beneficiaries import register, representatives
from veterans.beneficiaries.permissions import may_read_register
from veterans.models import Representation


def _certificate(user: Any, owner_id: str) -> bool:
    """The register's readers, the person, and the office in a case for which it counts."""
    if may_read_register(user) or user.person_id == int(owner_id):
        return True
    cases = staff_cases(user).filter(application__reused_papers__paper__person=int(owner_id))
    return cases.exists()


def _authority(user: Any, owner_id: str) -> bool:
    """The register's readers, both sides, and the office in a case that rests on it."""
    row = Representation.objects.filter(pk=int(owner_id)).first()
    if row is None:
        return False
    if may_read_register(user) or user.person_id in (row.principal_id, row.representative_id):
        return True
    return staff_cases(user).filter(application__entry__representation=row).exists()


def register_files() -> None:
    """Register the owners once, when the application is ready."""
    register_owner(register.OWNER_KIND, _certificate)
    register_owner(representatives.OWNER_KIND, _authority)
