"""What the reviewer should look at: the same account, photo or household elsewhere.

Source: chapter 3.5 of the case facts; none of it proves anything, so nothing is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.cases.models import Case
from portal.people.models import Person
from veterans.beneficiaries.register import household_of
from veterans.models import Application, Beneficiary

SHOWN = 5
# What was not granted, or never handed in, is no double.
ENDED_WITHOUT = ("withdrawn", "not_accepted", "rejected")


@dataclass(frozen=True)
class Duplicate:
    """One thing that stands elsewhere, too.

    Attributes:
        code: card, photo or household.
        cases: the first few cases in which it stands.
    """

    code: str
    text: Any
    cases: list[Case] = field(default_factory=list)


def _others(application: Application) -> Any:
    return (
        Application.objects.exclude(pk=application.pk)
        .exclude(case__sequence=0)
        .select_related("case")
        .order_by("-case__submitted_at")
    )


def _same_card(application: Application) -> Duplicate | None:
    if not application.bank_card:
        return None
    index = application.bank_card_index
    rows = (
        _others(application)
        .filter(bank_card_index=index)
        .exclude(identity_number_index=application.identity_number_index)
    )
    cases = [row.case for row in rows[:SHOWN]]
    registered = (
        Beneficiary.objects.filter(bank_card_index=index)
        .exclude(person__identity_number_index=application.identity_number_index)
        .exists()
    )
    if not cases and not registered:
        return None
    return Duplicate("card", _("Another beneficiary has the same bank card."), cases)


def _same_photo(application: Application) -> Duplicate | None:
    digests = list(
        application.case.documents.filter(letter=False).values_list(
            "file__received_sha256", flat=True
        )
    )
    if not digests:
        return None
    cases = (
        Case.objects.filter(
            documents__file__received_sha256__in=digests,
            documents__letter=False,
            sequence__gt=0,
        )
        .exclude(pk=application.pk)
        .distinct()
        .order_by("-submitted_at")
    )
    found = list(cases[:SHOWN])
    if not found:
        return None
    return Duplicate("photo", _("The same photo is in another application."), found)


def _same_household(application: Application) -> Duplicate | None:
    person_id = application.case.beneficiary_id
    if person_id is None:
        return None
    household = household_of(person_id) - {person_id}
    if not household:
        return None
    indexes = Person.objects.filter(pk__in=household).values("identity_number_index")
    fits = Q(case__beneficiary__in=household) | Q(identity_number_index__in=indexes)
    rows = (
        _others(application)
        .filter(fits, item=application.item, period=application.period)
        .exclude(case__state__in=ENDED_WITHOUT)
    )
    cases = [row.case for row in rows[:SHOWN]]
    if not cases:
        return None
    words = _("Somebody of the same household applies for the same item this year.")
    return Duplicate("household", words, cases)


def duplicates_of(application: Application) -> list[Duplicate]:
    """Return what stands elsewhere, too; the same number of queries for one and for many."""
    found = (
        _same_card(application),
        _same_photo(application),
        _same_household(application),
    )
    return [one for one in found if one is not None]
