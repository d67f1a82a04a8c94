"""Money that was obtained by false papers and has to come back (追回)."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.personal_data.fields import EncryptedTextField
from veterans.models.applications import Application, Payment


class RecoveryState(models.TextChoices):
    """Where money that has to come back stands."""

    PROPOSED = "proposed", pgettext_lazy("recovery", "Waiting for the decision")
    DECIDED = "decided", pgettext_lazy("recovery", "To be paid back")
    RECOVERED = "recovered", pgettext_lazy("recovery", "Paid back")
    DROPPED = "dropped", pgettext_lazy("recovery", "Not pursued")


#: Money is being claimed back; nothing more is paid in the case meanwhile.
OPEN_RECOVERIES = (RecoveryState.PROPOSED, RecoveryState.DECIDED)


class Recovery(models.Model):
    """Money that was obtained by false papers and has to come back (追回).

    Source: 军人抚恤优待条例第五十八条 (2024): whoever obtains benefits by fraud gives them back.

    Attributes:
        payment: the one payment it is about; None: everything that was paid in the case.
        decision_number: of the document by which it was decided.
        ended_reason: why it is not pursued any more.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="recoveries"
    )
    payment = models.ForeignKey(
        Payment, null=True, on_delete=models.PROTECT, related_name="recoveries"
    )
    amount = models.DecimalField(_("amount to be paid back"), max_digits=12, decimal_places=2)
    reason = EncryptedTextField(_("reason"))
    clause = models.CharField(_("clause"), max_length=200)
    state = models.CharField(
        max_length=10, choices=RecoveryState.choices, default=RecoveryState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decision_number = models.CharField(
        _("document number of the decision"), max_length=60, blank=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    ended_reason = EncryptedTextField(_("why it is not pursued"), blank=True, default="")

    class Meta:
        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=["proposed", "decided"]),
                name="veterans_one_open_recovery",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=Decimal(0)), name="veterans_recovery_above_nothing"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="veterans_recovery_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.amount}"


class RecoveryReceipt(models.Model):
    """Money that came back."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="receipts")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    received_on = models.DateField(_("received on"))
    voucher = models.CharField(_("number of the voucher"), max_length=60)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("money that came back")
        verbose_name_plural = _("money that came back")
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=Decimal(0)), name="veterans_receipt_above_nothing"
            ),
            models.UniqueConstraint(fields=["recovery", "voucher"], name="veterans_voucher_once"),
        ]

    def __str__(self) -> str:
        return f"{self.recovery_id} {self.amount}"
