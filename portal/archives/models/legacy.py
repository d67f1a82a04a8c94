"""Catalogues of paper records with their scans (传统载体档案数字化成果), taken over in bulk."""

from __future__ import annotations

import os
import uuid

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.urls import reverse
from django.utils._os import safe_join
from django.utils.translation import gettext_lazy as _

from portal.archives.models.records import Record, RetentionPeriod
from portal.archives.models.scope import ArchiveClass
from portal.leases import LeasedWork
from portal.organizations.models import Unit


class LegacyStorage(FileSystemStorage):
    """The private folder in which uploads wait; nothing in it has an address."""

    def path(self, name: str) -> str:
        """Return where a file lies.

        Raises:
            SuspiciousFileOperation: the name leads out of the folder.
        """
        return str(safe_join(str(settings.LEGACY_ROOT), name))


def legacy_storage() -> FileSystemStorage:
    """Return the storage of uploads."""
    return LegacyStorage(base_url=None)


class LegacyState(models.TextChoices):
    """Where a batch stands."""

    CHECKING = "checking", _("Being checked")
    REFUSED = "refused", _("Has problems")
    READY = "ready", _("Waits for your confirmation")
    IMPORTING = "importing", _("Being taken over")
    DONE = "done", _("Taken over")
    DISCARDED = "discarded", _("Discarded")


class LegacyBatch(LeasedWork):
    """One catalogue with its scans, from the upload to the records.

    `status` and the other columns of leased work say whether a worker has something to do;
    `state` says what the archivist sees.
    """

    state = models.CharField(
        _("state"), max_length=10, choices=LegacyState.choices, default=LegacyState.CHECKING
    )
    folder = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    catalogue_name = models.CharField(_("catalogue"), max_length=255)
    scans_name = models.CharField(_("scans"), max_length=255)
    catalogue_size = models.BigIntegerField()
    scans_size = models.BigIntegerField()
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    row_count = models.PositiveIntegerField(_("number of items"), default=0)
    file_count = models.PositiveIntegerField(_("files"), default=0)
    checked_files = models.PositiveIntegerField(_("files checked"), default=0)
    imported_rows = models.PositiveIntegerField(_("items taken over"), default=0)
    # The first problems as they are shown; how many there are is counted beside.
    problems = models.JSONField(default=list)
    problem_count = models.PositiveIntegerField(_("problems"), default=0)

    class Meta:
        verbose_name = _("legacy batch")
        verbose_name_plural = _("legacy batches")
        ordering = ["-uploaded_at", "-pk"]
        indexes = [models.Index(fields=["status", "available_at"], name="archives_legacy_next")]

    def __str__(self) -> str:
        return self.catalogue_name

    def get_absolute_url(self) -> str:
        """The page of the batch."""
        return reverse("archive_legacy_batch", args=[self.pk])

    def path(self, name: str) -> str:
        """Return where a file of the batch lies in the private folder."""
        return os.path.join(str(settings.LEGACY_ROOT), self.folder.hex, name)


class LegacyItem(models.Model):
    """One row of a catalogue; becomes one record. The columns of 归档文件目录 and DA/T 46."""

    batch = models.ForeignKey(LegacyBatch, on_delete=models.CASCADE, related_name="items")
    row_number = models.PositiveIntegerField(_("row"))
    record = models.OneToOneField(
        Record,
        verbose_name=_("record"),
        null=True,
        on_delete=models.PROTECT,
        related_name="legacy_item",
    )
    # Set when the batch is confirmed: from then on no other batch may bring the same code.
    reserved = models.BooleanField(default=False)
    old_code = models.CharField(_("old archive code"), max_length=80, blank=True)
    reference = models.CharField(_("document number"), max_length=60, blank=True)
    author = models.CharField(_("author"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=255)
    document_date = models.DateField(_("date"))
    secrecy = models.CharField(_("secrecy"), max_length=10, blank=True)
    page_count = models.PositiveIntegerField(_("page count"), null=True)
    remark = models.CharField(_("remarks"), max_length=500, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    archive_class = models.ForeignKey(
        ArchiveClass, verbose_name=_("class"), on_delete=models.PROTECT, related_name="+"
    )
    period = models.CharField(_("retention period"), max_length=3, choices=RetentionPeriod.choices)
    unit = models.ForeignKey(
        Unit, verbose_name=_("responsible unit"), on_delete=models.PROTECT, related_name="+"
    )
    box = models.CharField(_("box"), max_length=40, blank=True)
    # DA/T 46-2009 M53 to M56.
    physical_form = models.CharField(_("form of what was scanned"), max_length=60, blank=True)
    resolution = models.CharField(_("scanning resolution"), max_length=40, blank=True)
    color_model = models.CharField(_("scanning colour model"), max_length=40, blank=True)
    compression = models.CharField(_("image compression"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("legacy item")
        verbose_name_plural = _("legacy items")
        ordering = ["row_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "row_number"], name="archives_legacy_row_once"
            ),
            models.UniqueConstraint(
                fields=["old_code"],
                condition=models.Q(reserved=True) & ~models.Q(old_code=""),
                name="archives_old_code_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LegacyScan(models.Model):
    """One file of the zip, checked; its bytes wait here until the record has them stored."""

    batch = models.ForeignKey(LegacyBatch, on_delete=models.CASCADE, related_name="scans")
    item = models.ForeignKey(LegacyItem, null=True, on_delete=models.CASCADE, related_name="scans")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=255)
    media_type = models.CharField(_("format"), max_length=100, blank=True)
    size = models.BigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    file = models.FileField(storage=legacy_storage, max_length=200, blank=True)

    class Meta:
        verbose_name = _("legacy scan")
        verbose_name_plural = _("legacy scans")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "name"], name="archives_legacy_scan_once")
        ]

    def __str__(self) -> str:
        return self.name
