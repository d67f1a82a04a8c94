"""An objection to a public notice, raised by name, and its answer."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.personal_data.fields import EncryptedTextField
from portal.public_notices.models.notices import PublicNotice
from portal.public_notices.querysets import ObjectionQuerySet

MIN_REASON = 10
MAX_REASON = 2000


class ObjectionState(models.TextChoices):
    """Where an objection stands."""

    OPEN = "open", _("Waits for an answer")
    UPHELD = "upheld", _("Objection upheld")
    DISMISSED = "dismissed", _("Objection dismissed")


DECISIONS = frozenset({ObjectionState.UPHELD, ObjectionState.DISMISSED})


class Objection(models.Model):
    """What somebody says against a notice, under their own name.

    Reason and answer speak of people and are encrypted. The name of the one who objects is shown
    to those who answer and to auditors, never to those whom the notice names.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(
        PublicNotice,
        verbose_name=_("public notice"),
        on_delete=models.PROTECT,
        related_name="objections",
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("raised by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    raised_at = models.DateTimeField(_("raised at"))
    reason = EncryptedTextField(_("facts and reason"))
    state = models.CharField(
        _("state"), max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN
    )
    answer = EncryptedTextField(_("answer"), blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["raised_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ObjectionState.values),
                name="public_notices_objection_known_state",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=ObjectionState.OPEN, answered_by__isnull=True, answered_at__isnull=True
                )
                | models.Q(
                    state__in=[ObjectionState.UPHELD, ObjectionState.DISMISSED],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                ),
                name="public_notices_answer_is_whole",
            ),
            models.UniqueConstraint(
                fields=["notice", "raised_by"],
                condition=models.Q(state=ObjectionState.OPEN),
                name="public_notices_one_open_objection_each",
            ),
        ]
        indexes = [models.Index(fields=["state", "raised_at"], name="public_notices_waiting")]

    def __str__(self) -> str:
        # No name and no text: this line may stand in a log.
        return f"{self._meta.verbose_name} {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the address of the objection."""
        return reverse("objection", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether the objection still waits for its answer."""
        return self.state == ObjectionState.OPEN
