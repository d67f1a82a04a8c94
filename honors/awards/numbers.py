"""Numbers of certificates: one series for each year and sign, without gaps or repetitions."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from honors.models import Award, NumberSeries


def next_numbers(year: int, mark: str, count: int) -> list[str]:
    """Return the next numbers of a series, such as QLRY-2026-党-0012.

    The row of the series stays locked until the caller's transaction ends, so a number is issued
    once, and one that is rolled back is issued again. Numbers of old certificates that were
    taken over as they were are left out.
    Source: chapter 3.4 of the domain facts (form of the number).

    Raises:
        TransactionManagementError: no transaction is running.
    """
    key = f"{year}-{mark}"
    NumberSeries.objects.get_or_create(key=key)
    series = NumberSeries.objects.select_for_update().get(key=key)
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Numbers are issued inside a transaction.")
    prefix = f"{settings.HONOR_CERTIFICATE_PREFIX}-{key}-"
    used = set(Award.objects.filter(number__startswith=prefix).values_list("number", flat=True))
    numbers: list[str] = []
    while len(numbers) < count:
        series.last += 1
        number = f"{prefix}{series.last:04d}"
        if number not in used:
            numbers.append(number)
    series.save(update_fields=["last"])
    return numbers
