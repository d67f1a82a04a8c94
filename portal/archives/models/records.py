"""Records and the files made for them."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.search import index

from portal.archives.querysets import RecordQuerySet
from portal.leases import LeasedWork, WorkStatus
from portal.organizations.models import Unit


class RecordState(models.TextChoices):
    """Where a record stands between its capture and the shelf."""

    CAPTURED = "captured", _("Captured")
    POOL = "pool", _("In the pool")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")
    APART = "apart", _("Kept apart")
    SUPERSEDED = "superseded", _("Replaced before acceptance")
    DESTROYED = "destroyed", pgettext_lazy("archive record", "Destroyed")


class AccessLevel(models.TextChoices):
    """Who may read a record (控制标识): everybody who reads records, its unit, or named roles."""

    OPEN = "open", _("Open")
    INTERNAL = "internal", _("Internal")
    CONTROLLED = "controlled", _("Controlled")


class RetentionPeriod(models.TextChoices):
    """How long a record is kept at least (保管期限), by the codes of DA/T 13-2022.

    Source: order 8 (2006) and order 10 (2012) of the State Archives Administration.
    """

    PERMANENT = "Y", _("Permanent")
    THIRTY_YEARS = "D30", _("30 years")
    TEN_YEARS = "D10", _("10 years")

    @property
    def years(self) -> int | None:
        """Return the years after which the record is appraised; None for permanent ones."""
        return None if self is RetentionPeriod.PERMANENT else int(self.value[1:])


class OpenTitle(index.SearchField):
    """The title in the search index, which keeps no words of controlled records."""

    def get_value(self, obj: Any) -> Any:
        """Return the title, empty for a controlled record."""
        return "" if obj.access_level == AccessLevel.CONTROLLED else super().get_value(obj)


class OpenTitleBeginning(index.AutocompleteField):
    """The same for what is found while somebody is still typing."""

    def get_value(self, obj: Any) -> Any:
        """Return the title, empty for a controlled record."""
        return "" if obj.access_level == AccessLevel.CONTROLLED else super().get_value(obj)


class Record(index.Indexed, models.Model):
    """One captured version of a published item (电子文件).

    The row holds what lists and filters need. What was published, who did it and when is in
    the payload of its ledger entry, and cannot be changed without being noticed.
    """

    id = models.UUIDField(_("record number"), primary_key=True, default=uuid.uuid4, editable=False)
    source_kind = models.CharField(max_length=30)
    source_id = models.CharField(max_length=64)
    version = models.PositiveIntegerField(_("version"))
    previous = models.OneToOneField(
        "self",
        verbose_name=_("replaces"),
        null=True,
        on_delete=models.PROTECT,
        related_name="next",
    )
    kind = models.CharField(_("kind"), max_length=30)
    # Tells kinds apart that are filed differently: a general meeting and a theme day.
    subkind = models.CharField(_("detail of the kind"), max_length=30, blank=True)
    title = models.CharField(_("title"), max_length=255)
    reference = models.CharField(_("document number"), max_length=60, blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name=_("responsible unit"), null=True, on_delete=models.PROTECT
    )
    business_date = models.DateField(_("date"))
    year = models.PositiveSmallIntegerField(_("year"))
    captured_at = models.DateTimeField(_("captured at"))
    captured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("captured by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    content_sha256 = models.CharField(_("content digest"), max_length=64)
    late = models.BooleanField(_("recorded late"), default=False)
    ended_at = models.DateTimeField(_("withdrawn at"), null=True)
    access_level = models.CharField(
        _("access level"),
        max_length=10,
        choices=AccessLevel.choices,
        default=AccessLevel.INTERNAL,
    )
    state = models.CharField(
        _("state"), max_length=10, choices=RecordState.choices, default=RecordState.CAPTURED
    )
    class_code = models.CharField(_("class"), max_length=20, blank=True)
    period = models.CharField(
        _("retention period"), max_length=3, choices=RetentionPeriod.choices, blank=True
    )
    # Null until issued: empty codes would collide.
    archive_code = models.CharField(  # noqa: DJ001
        _("archive code"), max_length=80, null=True, unique=True
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    # The last day of the year in which the period ends; it is appraised then, not destroyed.
    expires_on = models.DateField(_("kept at least until"), null=True)

    objects = RecordQuerySet.as_manager()

    # The worker indexes a record when its files are made, not the publishing transaction.
    search_auto_update = False
    search_fields = [
        OpenTitle("title"),
        OpenTitleBeginning("title"),
        index.SearchField("searchable_text"),
    ]

    class Meta:
        verbose_name = _("archive record")
        verbose_name_plural = _("archive records")
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "version"], name="archives_record_version_once"
            )
        ]
        indexes = [
            models.Index(fields=["-business_date", "-captured_at"], name="archives_record_newest"),
            models.Index(
                fields=["unit", "-business_date", "-captured_at"], name="archives_record_unit"
            ),
            models.Index(
                fields=["kind", "-business_date", "-captured_at"], name="archives_record_kind"
            ),
            # Few records are late, so this costs the others nothing.
            models.Index(
                fields=["-business_date", "-captured_at", "kind"],
                condition=models.Q(late=True),
                name="archives_record_late",
            ),
            models.Index(fields=["state", "unit"], name="archives_record_state"),
            # For the statistics of a year.
            models.Index(
                fields=["year", "kind", "subkind", "unit", "business_date"],
                name="archives_record_filing",
            ),
            models.Index(
                fields=["expires_on"],
                name="archives_record_expiry",
                condition=models.Q(expires_on__isnull=False),
            ),
            # Controlled records are few, and found by title here instead of in the search index.
            models.Index(
                fields=["-business_date", "kind", "title", "reference", "id"],
                name="archives_record_controlled",
                condition=models.Q(access_level="controlled"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def searchable_text(self) -> str:
        """The words of the record for the search index."""
        from portal.archives.search import record_text

        return record_text(self)

    def search_facets(self) -> list[str]:
        """What searches can narrow down to within the index; who changes it indexes anew."""
        unit = [f"unit:{self.unit_id}"] if self.unit_id else []
        return [f"kind:{self.kind}", f"level:{self.access_level}", *unit]

    def search_moment(self) -> datetime.datetime:
        """What newest-first order of search results goes by."""
        from portal.archives.search import record_moment

        return record_moment(self)

    def get_absolute_url(self) -> str:
        """The record page."""
        return reverse("archive_record", args=[self.pk])


# Where the making of files stands is where any leased work stands.
RenderStatus = WorkStatus


class Render(LeasedWork):
    """The work of making a record's files, leased by a worker that must show life."""

    record = models.OneToOneField(
        Record, primary_key=True, on_delete=models.CASCADE, related_name="render"
    )

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        indexes = [models.Index(fields=["status", "available_at"], name="archives_render_next")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.status}"


class FileRole(models.TextChoices):
    """What a file of a record is."""

    DOCUMENT_COPY = "pdf", _("Text as PDF/A")
    SNAPSHOT = "snapshot", _("Snapshot of the page")
    PROCESS_SHEET = "process-sheet", _("Process sheet")
    PICTURE = "picture", _("Picture")
    DOCUMENT = "document", _("Attachment")
    MEDIA = "media", _("Audio or video")
    SCAN = "scan", _("Scan of the paper")
    CONVERSION = "conversion", _("Attachment as PDF/A")
    METADATA = "metadata", _("Metadata")
    CATALOGUE = "catalogue", _("Catalogue of the files")
    DESCRIPTION = "description", _("Description of the package")
    REGISTRATION = "registration", _("Registration form")
    SEALED_PACKAGE = "sealed", _("Sealed package")


CITED_ROLES = (FileRole.PICTURE, FileRole.DOCUMENT, FileRole.MEDIA, FileRole.SCAN)
# What describes the other files, made when the record is first inspected; proven by an entry
# of its own.
PACKAGE_ROLES = (
    FileRole.METADATA,
    FileRole.CATALOGUE,
    FileRole.DESCRIPTION,
    FileRole.REGISTRATION,
)


class RecordFile(models.Model):
    """One file of a record: cited by the page (pinned by digest) or made by the worker."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(_("kind"), max_length=20, choices=FileRole.choices)
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=255)
    media_type = models.CharField(_("format"), max_length=100)
    # What its content says it is, neutral of language; empty until somebody looked.
    format_name = models.CharField(_("format found"), max_length=60, blank=True)
    # The attachment of which this file is the PDF/A.
    derived_from = models.OneToOneField(
        "self", null=True, on_delete=models.CASCADE, related_name="converted"
    )
    size = models.BigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    sm3 = models.CharField("SM3", max_length=64, blank=True)
    source_object_id = models.BigIntegerField(null=True)
    stored_at = models.DateTimeField(_("stored at"), null=True)
    # In which form the stored bytes lie; digests and size are those of the plain bytes.
    sealed = models.BooleanField(_("stored sealed"), default=False)
    # When the stored bytes were last read and found right; before that, when they were stored.
    checked_at = models.DateTimeField(_("last read"), null=True)
    # In which form the second store has the file: empty, plain or sealed.
    mirrored = models.CharField(max_length=6, blank=True)

    class Meta:
        verbose_name = _("record file")
        verbose_name_plural = _("record files")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "role", "source_object_id"], name="archives_cited_file_once"
            ),
            models.UniqueConstraint(
                fields=["record", "role"],
                # Of sealed packages a record has one for each layer.
                condition=models.Q(source_object_id__isnull=True, derived_from__isnull=True)
                & ~models.Q(role="sealed"),
                name="archives_made_file_once",
            ),
        ]
        indexes = [
            models.Index(fields=["role", "source_object_id"], name="archives_file_source"),
            models.Index(fields=["sha256"], name="archives_file_digest"),
            models.Index(
                Coalesce("checked_at", "stored_at"), "sha256", name="archives_file_reading"
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(mirrored="", stored_at__isnull=False),
                name="archives_file_unmirrored",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(format_name="", stored_at__isnull=False),
                name="archives_file_unidentified",
            ),
        ]

    def __str__(self) -> str:
        return self.name
