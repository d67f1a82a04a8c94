"""Where an applicant is told of an application: the phone that was typed for it."""

from __future__ import annotations

from portal.cases.models import Case
from portal.notifications.recipients import Recipient


def contacts(case: Case) -> list[Recipient]:
    """Return the applicant with the phone of the application; nothing before one was typed."""
    application = case.subject
    if application is None or not application.phone or case.applicant is None:
        return []
    return [Recipient(person=case.applicant, phone=application.phone)]
