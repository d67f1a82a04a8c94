"""Use of records (档案利用): who asked for what, what was decided, how often it was used."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.archives.models.records import Record


class ConsultationKind(models.TextChoices):
    """What is asked for."""

    READ = "read", _("Consultation")
    COPY = "copy", _("Certified copy")


class ConsultationState(models.TextChoices):
    """Where a request stands."""

    WAITING = "waiting", pgettext_lazy("request for use", "Waits for the archivist")
    GRANTED = "granted", pgettext_lazy("request for use", "Granted")
    REFUSED = "refused", pgettext_lazy("request for use", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("request for use", "Withdrawn")


class Consultation(models.Model):
    """One request to use a record; together they are the register of use (利用登记簿).

    The name is that of the day of the request, because accounts end and the register does not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(
        Record, verbose_name=_("record"), on_delete=models.PROTECT, related_name="consultations"
    )
    kind = models.CharField(_("kind"), max_length=4, choices=ConsultationKind.choices)
    purpose = models.CharField(pgettext_lazy("request for use", "purpose"), max_length=300)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("applicant"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    applicant_name = models.CharField(max_length=150)
    requested_at = models.DateTimeField(_("requested at"))
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=ConsultationState.choices,
        default=ConsultationState.WAITING,
    )
    decided_at = models.DateTimeField(pgettext_lazy("appraisal", "decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by_name = models.CharField(max_length=150, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    # The last day on which the copy is handed out.
    granted_until = models.DateField(_("granted until"), null=True)
    uses = models.PositiveIntegerField(_("times used"), default=0)
    used_at = models.DateTimeField(_("last used at"), null=True)

    class Meta:
        verbose_name = _("request for use")
        verbose_name_plural = _("requests for use")
        ordering = ["-requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "applicant", "kind"],
                condition=models.Q(state="waiting"),
                name="archives_one_waiting_request",
            )
        ]
        indexes = [models.Index(fields=["state", "-requested_at"], name="archives_use_state")]

    def __str__(self) -> str:
        return f"{self.applicant_name} {self.kind}"

    def get_absolute_url(self) -> str:
        """The page of the request."""
        return reverse("archive_consultation", args=[self.pk])

    def is_usable(self, today: datetime.date) -> bool:
        """Whether the copy is handed out on this day."""
        granted = self.state == ConsultationState.GRANTED
        return granted and self.granted_until is not None and today <= self.granted_until
