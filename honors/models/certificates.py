"""Certificates drawn in batches by the worker, and workbooks of old honors that wait."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.leases import LeasedWork, WorkStatus
from portal.spreadsheets.waiting import WaitingWorkbook


class SheetKind(models.TextChoices):
    """What is drawn."""

    CERTIFICATES = "certificates", pgettext_lazy("honor", "Certificates")
    PLATES = "plates", pgettext_lazy("honor", "Plates for posts")


class CertificateBatch(models.Model):
    """One order of many certificates or plates.

    Attributes:
        chosen: what was chosen, in words.
        count: sheets in all.
    """

    kind = models.CharField(pgettext_lazy("honor", "sheets"), max_length=12, choices=SheetKind)
    chosen = models.CharField(_("chosen"), max_length=200)
    count = models.PositiveIntegerField(_("sheets in all"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("ordered at"), default=timezone.now)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("batch of certificates")
        verbose_name_plural = _("batches of certificates")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def owner_id(self) -> str:
        """The id under which the private files of the batch are kept."""
        return str(self.pk)


class CertificatePart(LeasedWork):
    """Some sheets of a batch, drawn by one worker at a time.

    Attributes:
        award_ids: whose, in order.
        file: the finished PDF.
    """

    batch = models.ForeignKey(CertificateBatch, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    award_ids = models.JSONField()
    count = models.PositiveIntegerField()
    file = models.ForeignKey(
        "files.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("part of a batch of certificates")
        verbose_name_plural = _("parts of batches of certificates")
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "position"], name="honors_part_once_in_a_batch"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=WorkStatus.values), name="honors_part_known_status"
            ),
        ]
        indexes = [
            models.Index(
                fields=["available_at"],
                condition=models.Q(status__in=["waiting", "leased"]),
                name="honors_part_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.position}"


class HonorImport(WaitingWorkbook):
    """A workbook of old honors with photographs that was checked and waits to be taken over."""

    class Meta:
        verbose_name = _("workbook of honors")
        verbose_name_plural = _("workbooks of honors")
