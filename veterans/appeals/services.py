"""Asking for a second look: one transaction from the form to the number."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases import services as cases
from portal.cases.models import Case, CaseDocument
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.cases.refusals import ConditionNotMet, NotYourTurn
from portal.files import services as files
from portal.people.models import User
from veterans.appeals.rules import FLOW, possible
from veterans.models import Appeal


def ask(
    of_case: Case, user: User, reason: str, uploads: list[Any], key: uuid.UUID | None = None
) -> tuple[Case, str]:
    """Ask for a second look at the decision of a case.

    Returns:
        The case of the second look, and its tracking code, which is shown once.

    Raises:
        NotYourTurn: it is not the account's case.
        ConditionNotMet: too late, asked before, or the case has no decision.
        FileRefused: a file is not accepted; nothing was kept.
    """
    stored = [files.receive(upload, user=user, purpose="appeal") for upload in uploads]
    try:
        return _ask(of_case, user, reason, stored, key)
    except IntegrityError as error:
        _forget(stored, user)
        raise ConditionNotMet(
            _("A second look at this decision was asked for just now.")
        ) from error
    except BaseException:
        _forget(stored, user)
        raise


def _forget(stored: list[Any], user: User) -> None:
    for file in stored:
        files.remove_temporary(file, by=user)


@transaction.atomic
def _ask(
    of_case: Case, user: User, reason: str, stored: list[Any], key: uuid.UUID | None
) -> tuple[Case, str]:
    first = cases.locked(of_case.pk)
    if user.person_id is None or user.person_id not in (first.applicant_id, first.beneficiary_id):
        raise NotYourTurn(_("Only whom a decision concerns may ask for a second look."))
    found = possible(first, timezone.localdate())
    if found is None:
        raise ConditionNotMet(
            _("A second look can be asked for once, within the limit after a decision.")
        )
    case = cases.open_draft(FLOW, item=first.item, unit=first.unit, applicant=user.person)
    case.beneficiary = first.beneficiary
    case.save(update_fields=["beneficiary"])
    Appeal.objects.create(
        case=case,
        of_case=first,
        decided_sequence=found.decision.sequence,
        reason=reason,
        limit_on=found.until,
    )
    if stored:
        files.claim(stored, OWNER_KIND, owner_id(case), by=user)
        CaseDocument.objects.bulk_create(
            CaseDocument(
                case=case, material="appeal", title="复核材料", file=file, added_at=timezone.now()
            )
            for file in stored
        )
    shown: list[str] = []
    cases.apply(case.pk, "submit", user, {"show_code": shown.append}, key=key)
    return Case.objects.get(pk=case.pk), shown[0] if shown else ""
