"""What the review looks at: conditions one by one, the amount with its trace, and warnings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.files.models import StoredFile
from veterans.applications.tasks import binding_version
from veterans.models import Application
from veterans.payments.grants import granted_this_year
from veterans.standards.services import check_eligibility, compute


@dataclass(frozen=True)
class Entitlement:
    """Conditions and amount of one application."""

    results: list[Any]
    amount: Decimal
    trace: list[str]


def entitlement_of(application: Application, *, fresh: bool = False) -> Entitlement:
    """Return the conditions by the binding standard; the amount frozen, or as it would be.

    Args:
        fresh: compute it anew, as the review is about to do.
    """
    version = binding_version(application)
    handed_in = application.case.submitted_at
    day = timezone.localdate(handed_in) if handed_in else timezone.localdate()
    results = check_eligibility(version, application.given_answers, day)
    if application.amount is not None and not fresh:
        return Entitlement(results, application.amount, application.trace)
    found = compute(version, application.given_answers, granted_this_year(application), day)
    return Entitlement(results, found.amount, found.trace)


def warnings_of(application: Application) -> list[str]:
    """Return what is unusual: the same account or the same photo in another application.

    Source: chapter 3.5 of the case facts; none of it proves anything.
    """
    found = []
    others = Application.objects.exclude(pk=application.pk).exclude(case__sequence=0)
    same_card = others.filter(bank_card_index=application.bank_card_index).exclude(
        identity_number_index=application.identity_number_index
    )
    if application.bank_card and same_card.exists():
        found.append(_("Another beneficiary has the same bank card."))
    digests = application.case.documents.filter(letter=False).values_list(
        "file__received_sha256", flat=True
    )
    twins = StoredFile.objects.filter(received_sha256__in=list(digests)).exclude(
        case_document__case=application.pk
    )
    if twins.filter(case_document__isnull=False).exists():
        found.append(_("The same photo is in another application."))
    return found
