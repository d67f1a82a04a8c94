"""Applications for support: what the case is about, and the money that follows."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.models import Case
from portal.personal_data.fields import BlindIndexField, EncryptedTextField
from portal.personal_data.masking import masked_name
from veterans.models.standards import ItemVersion, SupportItem


class ForWhom(models.TextChoices):
    """Whom an application is for."""

    SELF = "self", _("For myself")
    FAMILY = "family", _("For a member of my family")


class Relation(models.TextChoices):
    """What the applicant is to the one concerned."""

    SPOUSE = "spouse", _("Husband or wife")
    CHILD = "child", _("Son or daughter")
    PARENT = "parent", _("Father or mother")
    GUARDIAN = "guardian", _("Guardian")
    OTHER = "other", _("Somebody else with a letter of authority")


class Application(models.Model):
    """One application for one item (优待申请), beside its case.

    Attributes:
        version: of the standard in force on the day it was handed in; frozen then.
        standard_sha256: check sum of that standard.
        region: code of the administrative division whose standard goes first; empty: none.
        drafted_under: the version the applicant has read while it is a draft.
        answers: JSON of the answers to the questions of the standard.
        period: what may be granted once, such as the year.
        active: neither ended nor a draft; no second one of the same period beside it.
        amount: in yuan, frozen by the review with the trace of its computation.
        correction: JSON list of what has to be put right: code, label, reason, done.
    """

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="application"
    )
    item = models.ForeignKey(SupportItem, on_delete=models.PROTECT, related_name="applications")
    version = models.ForeignKey(
        ItemVersion, null=True, on_delete=models.PROTECT, related_name="applications"
    )
    standard_sha256 = models.CharField(max_length=64, blank=True)
    region = models.CharField(_("region"), max_length=12, blank=True)
    drafted_under = models.ForeignKey(
        ItemVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    for_whom = models.CharField(_("for whom"), max_length=10, choices=ForWhom.choices, blank=True)
    relation = models.CharField(_("relation"), max_length=10, choices=Relation.choices, blank=True)
    name = EncryptedTextField(_("name of the beneficiary"), blank=True, default="")
    identity_number = EncryptedTextField(_("identity number"), blank=True, default="")
    identity_number_index = BlindIndexField(source="identity_number", db_index=True)
    phone = EncryptedTextField(_("phone"), blank=True, default="")
    bank_name = models.CharField(_("bank"), max_length=60, blank=True)
    bank_card = EncryptedTextField(_("bank card"), blank=True, default="")
    bank_card_index = BlindIndexField(source="bank_card", db_index=True)
    answers = EncryptedTextField(blank=True, default="")
    period = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=False)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True)
    calculation = EncryptedTextField(blank=True, default="")
    correction = EncryptedTextField(blank=True, default="")
    supported = models.BooleanField(_("supported by the review"), null=True)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.UniqueConstraint(
                fields=["identity_number_index", "item", "period"],
                condition=models.Q(active=True),
                name="veterans_one_application_a_period",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=Decimal(0)),
                name="veterans_application_amount_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.case_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the blind indexes in step when only some fields are saved."""
        if (fields := kwargs.get("update_fields")) is not None:
            indexed = {"identity_number", "bank_card"} & {*fields}
            kwargs["update_fields"] = {*fields, *(f"{name}_index" for name in indexed)}
        super().save(*args, **kwargs)

    @property
    def given_answers(self) -> dict[str, Any]:
        """The answers by the code of the question."""
        return json.loads(self.answers) if self.answers else {}

    @given_answers.setter
    def given_answers(self, values: dict[str, Any]) -> None:
        self.answers = json.dumps(values, ensure_ascii=False, default=str)

    @property
    def trace(self) -> list[str]:
        """How the amount was computed, in sentences."""
        return json.loads(self.calculation) if self.calculation else []

    @property
    def corrections(self) -> list[dict[str, Any]]:
        """What the applicant was asked to put right."""
        return json.loads(self.correction) if self.correction else []

    @corrections.setter
    def corrections(self, rows: list[dict[str, Any]]) -> None:
        self.correction = json.dumps(rows, ensure_ascii=False)

    @property
    def masked_name(self) -> str:
        """The name as strangers see it: 张*."""
        return masked_name(self.name)


class PaymentState(models.TextChoices):
    """Where a payment stands."""

    ORDERED = "ordered", pgettext_lazy("payment", "Ordered")
    PAID = "paid", pgettext_lazy("payment", "Paid")
    FAILED = "failed", pgettext_lazy("payment", "Failed")
    TAKEN_BACK = "taken-back", pgettext_lazy("payment", "Taken back")


#: Money that is on its way or has arrived; nothing is ordered twice beside it.
HELD_PAYMENTS = (PaymentState.ORDERED, PaymentState.PAID)


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Sets of payments."""

    def of_decisions(self) -> PaymentQuerySet:
        """Payments that a step of the case ordered."""
        return self.filter(period=1)

    def of_further_years(self) -> PaymentQuerySet:
        """Payments of the second and later years of running benefits."""
        return self.filter(period__gt=1)

    def held(self) -> PaymentQuerySet:
        """Payments on their way or arrived."""
        return self.filter(state__in=HELD_PAYMENTS)


class Payment(models.Model):
    """Money that was ordered for one application (发放).

    Attributes:
        decision: 1, or 2 and more after an appeal was upheld; each is paid once.
        period: 1 for what a decision granted; 2 and more for each further year of a running
            benefit (续发), which is paid once as well.
        first_day, last_day: of such a year, both included.
        version: of the standard in force on the first day of such a year.
        calculation: JSON of the sentences by which the amount of such a year came about.
        bank_name, bank_card: where the money of such a year went; empty: as the application says.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="payments")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    decision = models.PositiveSmallIntegerField(default=1)
    period = models.PositiveSmallIntegerField(_("year of the benefit"), default=1)
    first_day = models.DateField(_("first day of the year"), null=True)
    last_day = models.DateField(_("last day of the year"), null=True)
    version = models.ForeignKey(ItemVersion, null=True, on_delete=models.PROTECT, related_name="+")
    calculation = EncryptedTextField(blank=True, default="")
    bank_name = models.CharField(_("bank"), max_length=60, blank=True)
    bank_card = EncryptedTextField(_("bank card"), blank=True, default="")
    state = models.CharField(
        max_length=10, choices=PaymentState.choices, default=PaymentState.ORDERED
    )
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ordered_at = models.DateTimeField()
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)
    reason = models.CharField(_("why it failed"), max_length=200, blank=True)

    objects: ClassVar[PaymentQuerySet] = PaymentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "decision", "period"],
                condition=models.Q(state__in=["ordered", "paid"]),
                name="veterans_paid_once",
            ),
            models.CheckConstraint(
                condition=models.Q(period=1, first_day__isnull=True, last_day__isnull=True)
                | models.Q(
                    period__gt=1,
                    decision=1,
                    version__isnull=False,
                    first_day__isnull=False,
                    last_day__gt=models.F("first_day"),
                ),
                name="veterans_further_year_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=Decimal(0)), name="veterans_payment_above_nothing"
            ),
        ]
        indexes = [models.Index(fields=["-ordered_at", "id"], name="veterans_newest_payments")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.amount}"

    @property
    def is_further_year(self) -> bool:
        """Whether it is the second or a later year of a running benefit."""
        return self.period > 1

    @property
    def trace(self) -> list[str]:
        """How the amount of a further year came about, in sentences."""
        return json.loads(self.calculation) if self.calculation else []

    @property
    def account_bank(self) -> str:
        """The bank the money goes to."""
        return self.bank_name if self.bank_card else self.application.bank_name

    @property
    def account_card(self) -> str:
        """The card the money goes to, whole."""
        return self.bank_card or self.application.bank_card
