"""What a person was granted of an item in a year, counted under a lock.

Two cases of one person lock the same row, so that the second counts what the first was granted.
Order of locks: case, year of grants, budget.
"""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, Sum

from veterans.models import Application, GrantYear, Reservation
from veterans.models.payments import ReservationState

# From the approval on an amount counts against the cap of the year.
GRANTED = ("notice", "approved", "paying", "paid", "closed")
YEAR_DIGITS = 4


def year_of(application: Application) -> str:
    """Return the year whose cap an application counts against; empty in a draft."""
    return application.period[:YEAR_DIGITS]


def lock_year(application: Application) -> None:
    """Lock the person's year of the item to the end of the transaction."""
    year = year_of(application)
    if not year or not application.identity_number_index:
        return
    row, _created = GrantYear.objects.get_or_create(
        identity_number_index=application.identity_number_index,
        item=application.item,
        year=int(year),
    )
    GrantYear.objects.select_for_update().get(pk=row.pk)


def granted_this_year(application: Application) -> Decimal:
    """Return what other cases of the person were granted of the item in the year, in yuan."""
    year = year_of(application)
    if not year:
        return Decimal(0)
    # What is approved stays granted while its account is put right or it is decided again.
    held = Reservation.objects.filter(application=OuterRef("pk")).exclude(
        state=ReservationState.RELEASED
    )
    others = Application.objects.filter(
        Q(case__state__in=GRANTED) | Exists(held),
        identity_number_index=application.identity_number_index,
        item=application.item,
        period__startswith=year,
        active=True,
        amount__isnull=False,
    ).exclude(pk=application.pk)
    return others.aggregate(total=Sum("amount"))["total"] or Decimal(0)
