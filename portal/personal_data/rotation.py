"""Bring what older keys sealed under the newest key, so that the older keys can be retired."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connections, models, router, transaction

from portal.append_only import append_only_tables
from portal.personal_data.encryption import decrypt, is_under_newest_key
from portal.personal_data.fields import EncryptedTextField

# Sealed values outside of encrypted fields: a name, and what renews them and returns how many.
_RENEWALS: dict[str, Callable[[], int]] = {}
ROWS_AT_ONCE = 500


def register_renewal(name: str, renew: Callable[[], int]) -> None:
    """Add sealed values that do not stand in an `EncryptedTextField`, once."""
    _RENEWALS[name] = renew


def _encrypted_fields() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


class _Stored(models.Func):
    """The stored form of an encrypted field, which is not opened on the way."""

    template = "%(expressions)s"
    output_field = models.TextField()


@contextlib.contextmanager
def _changeable(model: type[models.Model]) -> Iterator[None]:
    """Let the same words be sealed again in an append-only table, inside a transaction.

    The triggers go and come back in the transaction, so no other connection ever sees the table
    without them, and a process that dies leaves them in place.
    """
    connection = connections[router.db_for_write(model)]
    found = [table for table in append_only_tables() if table.table == model._meta.db_table]
    for table in found:
        _settle(connection)
        table.remove(connection)
    yield
    for table in found:
        _settle(connection)
        table.install(connection)


def _settle(connection: Any) -> None:
    """Check what is deferred: PostgreSQL changes no table on which something still waits."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _renew_field(model: type[models.Model], field: EncryptedTextField) -> int:
    count = 0
    rows = model._default_manager.annotate(stored=_Stored(models.F(field.attname))).order_by("pk")
    last = None
    while True:
        page = rows if last is None else rows.filter(pk__gt=last)
        batch = list(page.values_list("pk", "stored")[:ROWS_AT_ONCE])
        if not batch:
            return count
        last = batch[-1][0]
        older = [(pk, stored) for pk, stored in batch if stored and not is_under_newest_key(stored)]
        if not older:
            continue
        with transaction.atomic(), _changeable(model):
            for pk, stored in older:
                value = decrypt(stored)
                # Only where nobody changed the value meanwhile; the field seals it again.
                same = model._default_manager.annotate(
                    stored=_Stored(models.F(field.attname))
                ).filter(pk=pk, stored=stored)
                count += same.update(**{field.attname: value})


def renew() -> dict[str, int]:
    """Seal every value under the newest key.

    Returns:
        How many values were renewed, by model and field.

    Raises:
        UnreadableValue: a value cannot be opened by any configured key; what was renewed before
            stays renewed, and running again goes on.
    """
    counts = {
        f"{model._meta.label}.{field.name}": _renew_field(model, field)
        for model, field in _encrypted_fields()
    }
    return counts | {name: run() for name, run in _RENEWALS.items()}
