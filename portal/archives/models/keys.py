"""Keys of sealed records, and the work of bringing stored bytes into the form of their level."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.archives.models.records import Record


class RecordKey(models.Model):
    """The data key of one record, itself sealed under a key of the portal's key ring.

    Whoever removes the row makes payload and files of the record unreadable for good, copies
    in backups included. It stays when the row of the record goes, so that an accident with
    one does not destroy the other; only a destruction removes it.
    """

    record = models.OneToOneField(
        Record,
        primary_key=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="key",
    )
    key_id = models.CharField(_("key number"), max_length=8, db_index=True)
    # Base64 of nonce, ciphertext and tag: 12 + 32 + 16 bytes.
    wrapped = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("record key")
        verbose_name_plural = _("record keys")

    def __str__(self) -> str:
        return f"{self.record_id} {self.key_id}"


class SealingTask(models.Model):
    """A record whose payload or stored bytes may not yet have the form its level asks for."""

    record = models.OneToOneField(
        Record, primary_key=True, on_delete=models.CASCADE, related_name="sealing_task"
    )
    since = models.DateTimeField()
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("sealing task")
        verbose_name_plural = _("sealing tasks")
        indexes = [models.Index(fields=["since"], name="archives_sealing_next")]

    def __str__(self) -> str:
        return str(self.record_id)
