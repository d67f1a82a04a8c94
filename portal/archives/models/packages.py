"""Sealed packages (封装包), the work of making them, and exports of many."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.archives.models.records import Record, RecordFile
from portal.leases import LeasedWork


class PackageReason(models.TextChoices):
    """Why a package is not sealed yet."""

    NO_CERTIFICATE = "no-certificate", _("No signing certificate is set up")
    WRONG_PASSWORD = "wrong-password", _("The signing certificate cannot be opened")
    EXPIRED = "expired", _("The signing certificate has expired")
    NOT_YET_VALID = "not-yet-valid", _("The signing certificate is not valid yet")
    UNUSABLE = "unusable", _("The certificate cannot be used for signing")
    NO_TIMESTAMP = "no-timestamp", _("The timestamp server does not answer")
    DISK = "disk", _("The store cannot be written")
    SOURCES = "sources", _("Files of the record are still being made")
    DAMAGED = "damaged", _("A stored file of the record is damaged")
    DIED = "died", _("The worker ended each time it was tried")
    OTHER = "other", _("Another error")


#: What can be done about each reason.
PACKAGE_REMEDIES: dict[str, Any] = {
    PackageReason.NO_CERTIFICATE: _(
        "Ask the system administrator to set PACKAGE_CERTIFICATE. It is tried again by itself."
    ),
    PackageReason.WRONG_PASSWORD: _(
        "Ask the system administrator to check PACKAGE_CERTIFICATE and its password. It is tried "
        "again by itself."
    ),
    PackageReason.EXPIRED: _(
        "Ask the system administrator to renew the certificate. It is tried again by itself."
    ),
    PackageReason.NOT_YET_VALID: _(
        "Ask the system administrator to check the clock and the certificate. It is tried again "
        "by itself."
    ),
    PackageReason.UNUSABLE: _(
        "Ask the system administrator for a certificate for digital signatures, with its key."
    ),
    PackageReason.NO_TIMESTAMP: _(
        "The package waits and is tried again every few minutes. If this stays, tell the system "
        "administrator."
    ),
    PackageReason.DISK: _(
        "Tell the system administrator that the disk is full or cannot be written. It is tried "
        "again by itself."
    ),
    PackageReason.SOURCES: _("It is sealed as soon as they are made."),
    PackageReason.DAMAGED: _("Put the file right on the page “Stored files”, then try again."),
    PackageReason.DIED: _("Tell the system administrator, then try again."),
    PackageReason.OTHER: _("Try again; if it fails again, tell the system administrator."),
}


class PackageWork(LeasedWork):
    """The work of sealing the next package of a record; one row a record, used again.

    Attributes:
        reason: why it waits or was put aside, empty before the first attempt.
    """

    retry_base_seconds = 15
    retry_longest_seconds = 600

    record = models.OneToOneField(
        Record, primary_key=True, on_delete=models.CASCADE, related_name="package_work"
    )
    reason = models.CharField(_("reason"), max_length=16, choices=PackageReason.choices, blank=True)

    class Meta:
        verbose_name = _("work on a package")
        verbose_name_plural = _("work on packages")
        indexes = [models.Index(fields=["status", "available_at"], name="archives_package_next")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.status}"

    @property
    def remedy(self) -> Any:
        """Return what to do about the reason."""
        return PACKAGE_REMEDIES.get(self.reason, "")


class SealedPackage(models.Model):
    """One layer of a record's package: written once, never changed.

    A correction of an accepted record is the next layer, which embeds the one before.

    Attributes:
        basis: number of the newest ledger entry that changed what the package says; a later
            one of that kind asks for a new layer.
        certificate: serial number (hex) of the certificate that signed.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="packages")
    layer = models.PositiveSmallIntegerField(_("layer"))
    # Where a destruction removes the file, nothing is left to say of the package.
    file = models.OneToOneField(RecordFile, on_delete=models.CASCADE, related_name="package")
    basis = models.BigIntegerField()
    sealed_at = models.DateTimeField(_("sealed at"))
    certificate = models.CharField(_("certificate number"), max_length=64)
    signer = models.CharField(_("signer"), max_length=200)
    timestamped = models.BooleanField(_("timestamped"), default=False)

    class Meta:
        verbose_name = _("sealed package")
        verbose_name_plural = _("sealed packages")
        ordering = ["record", "layer"]
        constraints = [
            models.UniqueConstraint(fields=["record", "layer"], name="archives_package_layer_once")
        ]
        indexes = [models.Index(fields=["-sealed_at"], name="archives_package_newest")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.layer}"


class ExportKind(models.TextChoices):
    """What is exported."""

    TRANSFER = "transfer", pgettext_lazy("export", "Transfer package")
    CSIP = "csip", pgettext_lazy("export", "E-ARK packages (CSIP)")
    CATALOGUE_SHEET = "catalogue-xlsx", pgettext_lazy("export", "Catalogue (Excel)")
    CATALOGUE_PRINT = "catalogue-pdf", pgettext_lazy("export", "Catalogue (PDF)")
    BOXES_SHEET = "boxes-xlsx", pgettext_lazy("export", "Box sheets (Excel)")
    BOXES_PRINT = "boxes-pdf", pgettext_lazy("export", "Box sheets (PDF)")


class PackageExport(LeasedWork):
    """One order of an export, made by the worker into one private file.

    Attributes:
        conditions: fonds, year, class and period that were chosen; empty ones choose all.
        chosen: the same in words.
        count: records in all.
        checked: records that need no check of a transfer any more, passed or not.
        checks_after: number of the newest inspection when it was ordered or tried again.
        done: records that are written, as far as the worker has said.
        problem: what keeps it from being made, in words; empty while all is well.
    """

    max_attempts = 3

    kind = models.CharField(_("kind"), max_length=16, choices=ExportKind.choices)
    conditions = models.JSONField(default=dict)
    chosen = models.CharField(_("chosen"), max_length=200)
    count = models.PositiveIntegerField(_("records"), default=0)
    checked = models.PositiveIntegerField(default=0)
    checks_after = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("ordered at"), default=timezone.now)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    file = models.ForeignKey(
        "files.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = pgettext_lazy("archive", "export")
        verbose_name_plural = pgettext_lazy("archive", "exports")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "available_at"], name="archives_export_next")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
