"""Model fields for sensitive personal data."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.expressions import BaseExpression

from portal.personal_data.encryption import blind_index, decrypt, encrypt


class EncryptedTextField(models.TextField):
    """Text that is encrypted in the database and plain in memory. It cannot be filtered."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt what goes to the database; an empty value stays empty."""
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, expression: BaseExpression, connection: Any) -> Any:
        """Decrypt what comes from the database."""
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow only look-ups that say whether a value is there at all."""
        if lookup_name != "isnull":
            raise TypeError(
                f"{self.name} is encrypted and cannot be filtered; use its blind index."
            )
        return super().get_lookup(lookup_name)


class BlindIndexField(models.CharField):
    """The keyed digest of another field, kept in step on save, for exact look-ups.

    Args:
        source: name of the encrypted field on the same model.
    """

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("null", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Keep the source in migrations."""
        name, path, arguments, keywords = super().deconstruct()
        keywords["source"] = self.source
        return name, path, arguments, keywords

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Compute the digest from the source; an absent value has no digest."""
        value = getattr(model_instance, self.source)
        digest = blind_index(value) if value else None
        setattr(model_instance, self.attname, digest)
        return digest
