"""What was handed in: one row a file; its bytes lie encrypted outside of public media."""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.personal_data.fields import EncryptedTextField


def new_storage_name() -> str:
    """Return a random name that tells nothing."""
    return secrets.token_hex(20)


class FileState(models.TextChoices):
    """Where a file stands."""

    TEMPORARY = "temporary", _("Not handed in yet")
    CLAIMED = "claimed", _("Handed in")
    REPLACED = "replaced", _("Replaced by a newer one")


class ScanResult(models.TextChoices):
    """What the virus scanner said. Infected files are refused, so none is ever stored."""

    CLEAN = "clean", _("No virus found")
    NOT_SCANNED = "not-scanned", _("Not scanned")
    INFECTED = "infected", _("Virus found")


class StoredFile(models.Model):
    """One private file.

    Attributes:
        owner_kind, owner_id: what it belongs to; both empty while it is temporary.
        purpose: what it is handed in for, such as the code of a required material.
        original_name: as the person called it; may tell who it is about, so it is encrypted.
        size: plain bytes as they are kept.
        sha256: of the plain bytes as they are kept (hex).
        received_sha256: of the bytes that were uploaded; finds the same file handed in twice.
        key_id, wrapped_key: the file's own key, sealed under the key ring of the portal.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_kind = models.CharField(_("owner kind"), max_length=40, blank=True)
    owner_id = models.CharField(pgettext_lazy("private file", "owner"), max_length=64, blank=True)
    purpose = models.CharField(_("handed in for"), max_length=60, blank=True)
    original_name = EncryptedTextField(_("name of the file"), default="", blank=True)
    media_type = models.CharField(pgettext_lazy("private file", "type"), max_length=60)
    size = models.BigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    received_sha256 = models.CharField(max_length=64, db_index=True)
    storage_name = models.CharField(max_length=64, unique=True, default=new_storage_name)
    key_id = models.CharField(max_length=16)
    wrapped_key = models.CharField(max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=FileState.choices, default=FileState.TEMPORARY
    )
    scan = models.CharField(
        _("virus scan"),
        max_length=12,
        choices=ScanResult.choices,
        default=ScanResult.NOT_SCANNED,
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    replaces = models.ForeignKey(
        "self",
        verbose_name=_("replaces"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replaced_by",
    )

    class Meta:
        verbose_name = _("private file")
        verbose_name_plural = _("private files")
        ordering = ["uploaded_at", "pk"]
        indexes = [
            models.Index(fields=["owner_kind", "owner_id"], name="files_owner"),
            models.Index(
                fields=["uploaded_at"],
                condition=models.Q(state="temporary"),
                name="files_temporary",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["temporary", "claimed", "replaced"]),
                name="files_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(scan__in=["clean", "not-scanned"]),
                name="files_nothing_infected",
            ),
            models.CheckConstraint(
                condition=models.Q(state="temporary", owner_kind="", owner_id="")
                | (~models.Q(state="temporary") & ~models.Q(owner_kind="")),
                name="files_owned_unless_temporary",
            ),
        ]

    def __str__(self) -> str:
        # Never the name: it may stand in a log or a message.
        return f"{self.purpose or 'file'} {self.pk}"

    def get_absolute_url(self) -> str:
        """Return where the file is handed out to those who may read it."""
        return reverse("stored_file", args=[self.pk])

    @property
    def is_picture(self) -> bool:
        """Whether a browser can show it in a page."""
        return self.media_type.startswith("image/")

    @property
    def is_recording(self) -> bool:
        """Whether a browser can play it in a page."""
        return self.media_type.startswith("audio/")
