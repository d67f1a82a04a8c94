"""The money of applications: who approves how much, budgets, payment lists.

Limits and budgets are rows with the clause or document they rest on; no amount stands in code.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Q, Sum, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.personal_data.fields import EncryptedTextField
from veterans.models.applications import Application, Payment
from veterans.models.standards import SupportItem


def _yuan(name: object, **keywords: object) -> models.DecimalField:
    return models.DecimalField(name, max_digits=12, decimal_places=2, **keywords)  # type: ignore[arg-type]


class ApprovalLimitQuerySet(models.QuerySet["ApprovalLimit"]):
    """Sets of limits."""

    def in_force_on(self, day: datetime.date) -> list[ApprovalLimit]:
        """Return the rows of the newest table in force on a day, the lowest amount first."""
        rows = self.filter(effective_from__lte=day).order_by(
            "-effective_from", F("up_to").asc(nulls_last=True)
        )
        found = list(rows)
        return [row for row in found if row.effective_from == found[0].effective_from]


class ApprovalLimit(models.Model):
    """Up to which amount a role approves (审批权限); rows of one day make one table.

    Attributes:
        up_to: in yuan, the amount itself included; None without an end.
        needs_decision: the approval rests on a decision of the Party committee, whose document
            number belongs to it.
    """

    role_code = models.CharField(_("role"), max_length=40)
    up_to = _yuan(_("up to (yuan)"), null=True, blank=True)
    needs_decision = models.BooleanField(_("needs a decision of the Party committee"))
    clause = models.CharField(_("clause"), max_length=200)
    effective_from = models.DateField(_("in force from"))

    objects: ClassVar[ApprovalLimitQuerySet] = ApprovalLimitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("approval limit")
        verbose_name_plural = _("approval limits")
        constraints = [
            models.UniqueConstraint(
                fields=["role_code", "effective_from"], name="veterans_limit_once"
            ),
            models.CheckConstraint(
                condition=Q(up_to__isnull=True) | Q(up_to__gt=Decimal(0)),
                name="veterans_limit_above_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role_code} {self.up_to}"


class AmountChange(models.Model):
    """An amount that the review set otherwise than the standard computes, and who agreed.

    Attributes:
        superseded: a later review put another amount in its place.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="amount_changes"
    )
    computed = _yuan(_("computed amount"))
    changed = _yuan(_("changed amount"))
    reason = EncryptedTextField(_("reason"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    superseded = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("changed amount")
        verbose_name_plural = _("changed amounts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(superseded=False),
                name="veterans_one_change_in_force",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="veterans_change_by_two",
            ),
            models.CheckConstraint(
                condition=Q(changed__gte=Decimal(0)), name="veterans_change_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.computed} -> {self.changed}"


class GrantYear(models.Model):
    """The row that is locked while it is counted what a person was granted in a year.

    Without it two cases of one person could each find the yearly cap untouched.
    """

    identity_number_index = models.CharField(max_length=64)
    item = models.ForeignKey(SupportItem, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("year of grants")
        verbose_name_plural = _("years of grants")
        constraints = [
            models.UniqueConstraint(
                fields=["identity_number_index", "item", "year"], name="veterans_grant_year_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.year}"


class Budget(models.Model):
    """What an item may cost in a year (预算), by the document that says so.

    The newest approved row counts; earlier ones stay, so that every change is known.
    """

    item = models.ForeignKey(
        SupportItem,
        verbose_name=_("support item"),
        on_delete=models.PROTECT,
        related_name="budgets",
    )
    year = models.PositiveSmallIntegerField(_("year"))
    amount = _yuan(_("amount (yuan)"))
    document_number = models.CharField(_("document number"), max_length=60)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ["-year", "item", "pk"]
        indexes = [models.Index(fields=["item", "year"], name="veterans_budget_of_year")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=Decimal(0)), name="veterans_budget_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="veterans_budget_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.year}"


class ReservationState(models.TextChoices):
    """Where the money of one approval stands in the budget."""

    RESERVED = "reserved", pgettext_lazy("budget", "Reserved")
    SPENT = "spent", pgettext_lazy("budget", "Spent")
    RELEASED = "released", pgettext_lazy("budget", "Released")


class ReservationQuerySet(models.QuerySet["Reservation"]):
    """Sets of reservations."""

    def of_decisions(self) -> ReservationQuerySet:
        """Money that approvals hold or have spent, without further years."""
        return self.filter(payment=None)


class Reservation(models.Model):
    """Money of a budget that an approval holds until it is paid or given back.

    Attributes:
        payment: of the further year of a running benefit that holds it; None: an approval does.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="reservations"
    )
    payment = models.OneToOneField(
        Payment, null=True, on_delete=models.PROTECT, related_name="reservation"
    )
    item = models.ForeignKey(SupportItem, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    amount = _yuan(_("amount"))
    state = models.CharField(
        max_length=10, choices=ReservationState.choices, default=ReservationState.RESERVED
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[ReservationQuerySet] = ReservationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["pk"]
        indexes = [models.Index(fields=["item", "year", "state"], name="veterans_reserved")]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state="reserved", payment__isnull=True),
                name="veterans_reserved_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=Decimal(0)), name="veterans_reserved_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.amount} {self.state}"


class PaymentListQuerySet(models.QuerySet["PaymentList"]):
    """Sets of payment lists."""

    def with_counts(self) -> PaymentListQuerySet:
        """Each list with its rows, its sum, and how many are open or failed."""
        state = "rows__payment__state"
        return self.annotate(
            row_count=Count("rows"),
            total=Sum("rows__payment__amount"),
            open_count=Count("rows", filter=Q(**{state: "ordered"})),
            failed_count=Count("rows", filter=Q(**{state: "failed"})),
        )

    def waiting_items(self, cases: Any, benefits: Any) -> models.QuerySet[SupportItem]:
        """Return the items of payable cases and benefits, each with how many there are."""
        approved = _counted(cases, "application__item")
        further = _counted(benefits, "item")
        found = SupportItem.objects.filter(pk__in={*approved, *further})
        return found.annotate(waiting_count=_looked_up(approved), further_count=_looked_up(further))


def _counted(rows: Any, path: str) -> dict[int, int]:
    """Return how many rows there are of each item."""
    found = rows.order_by().values(path).annotate(count=Count("pk"))
    return {row[path]: row["count"] for row in found}


def _looked_up(counts: dict[int, int]) -> Case:
    whens = (When(pk=pk, then=count) for pk, count in counts.items())
    return Case(*whens, default=0, output_field=models.IntegerField())


class PaymentList(models.Model):
    """What finance pays together of one item: approved cases, further years (发放清单)."""

    number = models.CharField(_("number of the list"), max_length=40, unique=True)
    item = models.ForeignKey(
        SupportItem,
        verbose_name=_("support item"),
        on_delete=models.PROTECT,
        related_name="payment_lists",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    objects: ClassVar[PaymentListQuerySet] = PaymentListQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("payment list")
        verbose_name_plural = _("payment lists")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.number


class PaymentListRow(models.Model):
    """One payment of a list; a payment is in one list at most."""

    list = models.ForeignKey(PaymentList, on_delete=models.PROTECT, related_name="rows")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="list_row")

    class Meta:
        verbose_name = _("row of a payment list")
        verbose_name_plural = _("rows of payment lists")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.list_id} {self.payment_id}"
