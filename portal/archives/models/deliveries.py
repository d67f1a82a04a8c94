"""Finished flows that business systems deliver: an OA system hands over form, text, attachments."""

from __future__ import annotations

import datetime
import os
import secrets
import uuid

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.urls import reverse
from django.utils._os import safe_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Unit
from portal.personal_data.encryption import blind_index

_LABEL = "delivering-system:"
TOKEN_BYTES = 32


class DeliveryStorage(FileSystemStorage):
    """The private folder in which delivered files wait; nothing in it has an address."""

    def path(self, name: str) -> str:
        """Return where a file lies.

        Raises:
            SuspiciousFileOperation: the name leads out of the folder.
        """
        return str(safe_join(str(settings.DELIVERIES_ROOT), name))


def delivery_storage() -> FileSystemStorage:
    """Return the storage of delivered files."""
    return DeliveryStorage(base_url=None)


def token_digest(token: str) -> str:
    """Return what is stored of a token; without the key of the portal it opens nothing."""
    return blind_index(_LABEL + token)


class DeliveringSystem(models.Model):
    """A business system that may deliver. Its token is shown once; only a keyed digest is kept.

    Attributes:
        ended_at: from then on nothing it sends is taken.
        seen_on: the last day on which it used its token.
    """

    name = models.CharField(pgettext_lazy("delivering system", "name"), max_length=60, unique=True)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    seen_on = models.DateField(_("last seen on"), null=True)

    class Meta:
        verbose_name = _("delivering system")
        verbose_name_plural = _("delivering systems")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def new_token() -> str:
        """Return a new secret of 256 bits."""
        return secrets.token_urlsafe(TOKEN_BYTES)

    @classmethod
    def of_token(cls, token: str) -> DeliveringSystem | None:
        """Return the system in use that has this token."""
        return cls.objects.filter(token_digest=token_digest(token), ended_at=None).first()

    def note_seen(self, today: datetime.date) -> None:
        """Write down once a day that the token was used."""
        if self.seen_on != today:
            DeliveringSystem.objects.filter(pk=self.pk).update(seen_on=today)


class FlowKind(models.TextChoices):
    """What a finished flow was about; each is filed by a row of the scope table."""

    INCOMING = "incoming", _("Incoming document")
    OUTGOING = "outgoing", _("Outgoing document")
    REQUEST = "request", _("Request or report")
    MINUTES = "minutes", _("Minutes of a meeting")
    OTHER = "other", pgettext_lazy("flow", "Other flow")


class DeliveredRole(models.TextChoices):
    """What a delivered file is within its flow."""

    FORM = "form", _("Process sheet")
    MAIN = "main", _("Main text")
    ATTACHMENT = "attachment", _("Attachment")


class Delivery(models.Model):
    """One finished flow as it was delivered; becomes one record.

    Attributes:
        number: of the flow in its system; together with the system delivered once.
        manifest_digest: SHA-256 of the canonical manifest: the same delivery sent again is
            recognised, another one under the same number is refused.
        steps: who did what when, as the system tells it.
    """

    system = models.ForeignKey(
        DeliveringSystem, on_delete=models.PROTECT, related_name="deliveries"
    )
    number = models.CharField(_("number of the flow"), max_length=80)
    manifest_digest = models.CharField(max_length=64)
    folder = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(pgettext_lazy("flow", "kind"), max_length=10, choices=FlowKind.choices)
    title = models.CharField(_("title"), max_length=255)
    reference = models.CharField(_("document number"), max_length=60, blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name=_("responsible unit"), on_delete=models.PROTECT, related_name="+"
    )
    finished_on = models.DateField(_("finished on"))
    steps = models.JSONField(default=list)
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["system", "number"], name="archives_flow_once")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the delivery."""
        return reverse("archive_delivery", args=[self.pk])

    def path(self, name: str) -> str:
        """Return where a file of the delivery lies in the private folder."""
        return os.path.join(self.folder.hex, name)


class DeliveredFile(models.Model):
    """One delivered file, checked; its bytes wait here until the record has them stored."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="files")
    role = models.CharField(max_length=10, choices=DeliveredRole.choices)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=255)
    media_type = models.CharField(_("format"), max_length=100)
    size = models.BigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    file = models.FileField(storage=delivery_storage, max_length=200, blank=True)

    class Meta:
        verbose_name = _("delivered file")
        verbose_name_plural = _("delivered files")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "position"], name="archives_delivered_file_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"
