"""What a person was granted of an item in a year, counted under a lock.

Two cases of one person lock the same row, so that the second counts what the first was granted.
Order of locks: case, running benefit, year of grants, budget.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from veterans.models import Application, GrantYear, Payment, Reservation
from veterans.models.payments import ReservationState

# From the approval on an amount counts against the cap of the year.
GRANTED = ("notice", "approved", "paying", "paid", "closed")
YEAR_DIGITS = 4

#: Blind index of the identity number, primary key of the item, calendar year.
PersonYear = tuple[str, int, int]


def year_of(application: Application) -> str:
    """Return the year whose cap an application counts against; empty in a draft."""
    return application.period[:YEAR_DIGITS]


def lock_year(application: Application) -> None:
    """Lock the person's year of the item to the end of the transaction."""
    if year := year_of(application):
        lock_person_year(application, int(year))


def lock_person_year(application: Application, year: int) -> None:
    """Lock a year of the person an application is for, to the end of the transaction."""
    if not application.identity_number_index:
        return
    row, _created = GrantYear.objects.get_or_create(
        identity_number_index=application.identity_number_index,
        item=application.item,
        year=year,
    )
    GrantYear.objects.select_for_update().get(pk=row.pk)


def _granted_applications() -> QuerySet[Application]:
    # What is approved stays granted while its account is put right or it is decided again.
    held = Reservation.objects.of_decisions().filter(application=OuterRef("pk"))
    return Application.objects.filter(
        Q(case__state__in=GRANTED) | Exists(held.exclude(state=ReservationState.RELEASED)),
        active=True,
        amount__isnull=False,
    )


def _further_years() -> QuerySet[Payment]:
    return Payment.objects.of_further_years().held()


def granted_this_year(application: Application) -> Decimal:
    """Return what the person was granted of the item in the year beside this case, in yuan.

    Further years of running benefits count in the year in which they begin.
    """
    year = year_of(application)
    if not year:
        return Decimal(0)
    others = _granted_applications().filter(
        period__startswith=year,
        identity_number_index=application.identity_number_index,
        item=application.item,
    )
    further = _further_years().filter(
        first_day__year=int(year),
        application__identity_number_index=application.identity_number_index,
        application__item=application.item,
    )
    return _total(others.exclude(pk=application.pk)) + _total(further)


def _total(rows: QuerySet[Any]) -> Decimal:
    return rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def granted_in_years(wanted: Iterable[PersonYear]) -> dict[PersonYear, Decimal]:
    """Return what people were granted of items in years, in yuan; two queries for any number."""
    keys = set(wanted)
    people, items = {key[0] for key in keys}, {key[1] for key in keys}
    granted: dict[PersonYear, Decimal] = defaultdict(Decimal)
    applications = _granted_applications().filter(identity_number_index__in=people, item__in=items)
    for person, item, period, amount in applications.values_list(
        "identity_number_index", "item_id", "period", "amount"
    ):
        granted[person, item, int(period[:YEAR_DIGITS] or 0)] += amount or Decimal(0)
    payments = _further_years().filter(
        application__identity_number_index__in=people, application__item__in=items
    )
    for person, item, first_day, amount in payments.values_list(
        "application__identity_number_index", "application__item_id", "first_day", "amount"
    ):
        if first_day is not None:
            granted[person, item, first_day.year] += amount
    return {key: granted[key] for key in keys}


def is_paid_for(application: Application, day: datetime.date) -> bool:
    """Whether a further year of the person and item reaches past a day, ordered or paid."""
    return (
        _further_years()
        .filter(
            application__identity_number_index=application.identity_number_index,
            application__item=application.item,
            last_day__gt=day,
        )
        .exclude(application=application)
        .exists()
    )
