"""Check that the key ring opens the keys of sealed records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Error, Tags
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from portal.archives.access import keys
from portal.archives.access.refusals import RecordKeyUnreadable


def record_keys(
    app_configs: Any, databases: Sequence[str] | None = None, **keywords: Any
) -> list[CheckMessage]:
    """Of every key of the ring that sealed record keys, one is opened."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        try:
            unreadable = _unreadable(alias)
        except (DatabaseError, ImproperlyConfigured):
            continue  # whoever needs this database, or checks the key ring itself, will say so
        if unreadable:
            found.append(
                Error(
                    "The configured keys do not open the records sealed under "
                    f"{', '.join(unreadable)} in {alias}.",
                    hint="Put the missing key back into FIELD_ENCRYPTION_KEYS.",
                    id="archives.E010",
                )
            )
    return found


def _unreadable(alias: str) -> list[str]:
    from portal.archives.models import RecordKey

    names = []
    by_number = RecordKey.objects.using(alias).order_by("key_id")
    row = by_number.first()
    # From one key of the ring to the next by the index, however many records there are.
    while row is not None:
        try:
            keys.opened(row)
        except RecordKeyUnreadable:
            names.append(row.key_id)
        row = by_number.filter(key_id__gt=row.key_id).first()
    return names


def register() -> None:
    """Register once, when the application is ready."""
    checks.register(record_keys, Tags.database)
