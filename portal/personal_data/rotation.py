"""Bring what older keys sealed under the newest key, so that the older keys can be retired."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.apps import apps
from django.db import models, transaction

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
        with transaction.atomic():
            for pk, stored in batch:
                if stored and not is_under_newest_key(stored):
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
