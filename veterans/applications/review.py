"""What the review looks at: conditions one by one, the amount with its trace."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

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
