"""Copies of office attachments that last."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.archives.models.records import RecordFile
from portal.leases import LeasedWork


class ConversionReason(models.TextChoices):
    """Why an attachment has no PDF/A."""

    NO_PROGRAM = "no-program", _("LibreOffice is not installed")
    TIMEOUT = "timeout", _("It took too long")
    FAILED = "failed", _("LibreOffice could not open it")
    NOT_PDFA = "not-pdfa", _("The result was no sound PDF/A")
    ENCRYPTED = "encrypted", _("It is protected by a password")
    DIED = "died", _("The worker ended each time it was tried")
    OTHER = "other", _("Another error")


#: What an archivist can do about each reason.
REMEDIES: dict[str, Any] = {
    ConversionReason.NO_PROGRAM: _(
        "Ask the system administrator to install LibreOffice (soffice), then try again."
    ),
    ConversionReason.TIMEOUT: _("Try again when the server has less to do."),
    ConversionReason.FAILED: _(
        "Open the file by hand. If it opens, export it as PDF/A and publish that as well."
    ),
    ConversionReason.NOT_PDFA: _("Export it as PDF/A by hand and publish that as well."),
    ConversionReason.ENCRYPTED: _(
        "Ask the unit for a copy without a password and publish it as a new version."
    ),
    ConversionReason.DIED: _("Tell the system administrator, then try again."),
    ConversionReason.OTHER: _("Try again; if it fails again, tell the system administrator."),
}


class Conversion(LeasedWork):
    """The work of keeping one office attachment as PDF/A besides its original."""

    file = models.OneToOneField(
        RecordFile, primary_key=True, on_delete=models.CASCADE, related_name="conversion"
    )
    reason = models.CharField(
        _("reason"), max_length=12, choices=ConversionReason.choices, blank=True
    )

    class Meta:
        verbose_name = _("conversion")
        verbose_name_plural = _("conversions")
        indexes = [models.Index(fields=["status", "available_at"], name="archives_conversion_next")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.status}"

    @property
    def remedy(self) -> Any:
        """Return what to do about the reason."""
        return REMEDIES.get(self.reason, "")
