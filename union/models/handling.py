"""What the office writes about an opinion: replies, contributions of helping units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Unit
from portal.personal_data.fields import EncryptedTextField
from union.models.opinions import Opinion

LONGEST_REPLY = 5_000


class OpinionReply(models.Model):
    """One reply: drafted by who handles the opinion, sent after the union reviewed it.

    Attributes:
        level: 0 for the first answer, 1 after the sender asked for the next level.
        sent_on: the day it went to the sender; None while it is a draft.
    """

    opinion = models.ForeignKey(Opinion, on_delete=models.CASCADE, related_name="replies")
    level = models.PositiveSmallIntegerField()
    text = EncryptedTextField(pgettext_lazy("opinion", "reply"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField(_("drafted at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_on = models.DateField(_("sent on"), null=True)

    if TYPE_CHECKING:
        drafted_by_id: int
        approved_by_id: int | None

    class Meta:
        verbose_name = _("reply to an opinion")
        verbose_name_plural = _("replies to opinions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "level"], name="union_one_reply_a_level"),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True, approved_by__isnull=True)
                | (
                    Q(sent_on__isnull=False, approved_by__isnull=False)
                    & ~Q(approved_by=models.F("drafted_by"))
                ),
                name="union_reply_sent_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.level}"


class OpinionHelp(models.Model):
    """What a helping unit (协办单位) was asked, and what it contributed; the lead unit reads it."""

    opinion = models.ForeignKey(Opinion, on_delete=models.CASCADE, related_name="help")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    question = EncryptedTextField(_("what is asked"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_on = models.DateField(_("asked on"))
    due_on = models.DateField(_("due on"))
    answer = EncryptedTextField(_("contribution"), blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_on = models.DateField(_("contributed on"), null=True)

    class Meta:
        verbose_name = _("contribution of a helping unit")
        verbose_name_plural = _("contributions of helping units")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["unit", "due_on"],
                condition=Q(answered_on__isnull=True),
                name="union_open_help",
            )
        ]
        constraints = [
            # Asked again after it answered, a unit gets a new row; what it said before stays.
            models.UniqueConstraint(
                fields=["opinion", "unit"],
                condition=Q(answered_on__isnull=True),
                name="union_one_open_help_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answered_by__isnull=True)
                | Q(answered_on__isnull=False, answered_by__isnull=False),
                name="union_help_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.unit_id}"
