"""What follows in a case when its consent is withdrawn: a mark on it, and the office is told.

What was done before stays lawful (Personal Information Protection Law, article 15); whether the
case can go on without the data is for people to say.
"""

from __future__ import annotations

import uuid

from django.db import transaction

from portal.cases import history, messages
from portal.cases.models import Case
from portal.cases.ownership import OWNER_KIND
from portal.cases.permissions import applicant_party, handler_of
from portal.cases.services import locked
from portal.cases.supervision import party_members
from portal.personal_data.consents import register_consent_owner


@transaction.atomic
def follow(owner_id: str) -> None:
    """Write the event of a running case and tell who works on it and who leads."""
    try:
        case = locked(uuid.UUID(owner_id))
    except Case.DoesNotExist:
        return
    if case.is_draft or case.standing.final:
        return
    event = history.write_beside(case, history.CONSENT_WITHDRAWN, None, applicant_party(case))
    handler = handler_of(case)
    told = party_members(case, lead=True) + ([handler] if handler is not None else [])
    messages.tell_withdrawn_consent(case, told, event)


def register() -> None:
    """Register cases among what consents are given for."""
    register_consent_owner(OWNER_KIND, follow)
