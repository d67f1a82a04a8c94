"""The append-only ledger and the erasable payloads behind it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerEntry(models.Model):
    """One row of the append-only ledger. The row format is final.

    `commitment` is HMAC-SHA256 of the payload under a salt of its own; salt and payload lie
    in an erasable table, so a lawful destruction leaves a provable tombstone. `entry_hash`
    is SHA-256 over sequence, kind, record id, commitment and the previous entry's hash.
    """

    sequence = models.BigIntegerField(_("number"), primary_key=True)
    kind = models.CharField(_("event"), max_length=30)
    record_id = models.UUIDField(_("record"), db_index=True)
    commitment = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"


class EntryPayload(models.Model):
    """Salt and payload behind a ledger entry's commitment; erased on lawful destruction."""

    sequence = models.BigIntegerField(primary_key=True)
    salt = models.CharField(max_length=64)
    body = models.TextField()

    class Meta:
        verbose_name = _("ledger payload")
        verbose_name_plural = _("ledger payloads")

    def __str__(self) -> str:
        return str(self.sequence)
