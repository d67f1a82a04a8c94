"""What happens to an award later: changes of its state, reviews of posts, material rewards.

Source: chapters 3.1 and 3.2 of the domain facts: dynamic management, revocation with document,
reason and day; the record is kept, never deleted.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honors.models.awards import Award


class ChangeKind(models.TextChoices):
    """What a document does to an award."""

    SUSPEND = "suspend", pgettext_lazy("honor", "Suspend")
    RESTORE = "restore", pgettext_lazy("honor", "Lift the suspension")
    REVOKE = "revoke", pgettext_lazy("honor", "Revoke")


class ChangeOutcome(models.TextChoices):
    """How far a change has come."""

    WAITING = "waiting", _("Waits for confirmation")
    CONFIRMED = "confirmed", pgettext_lazy("honor", "In force")
    DROPPED = "dropped", _("Not confirmed")


class AwardChange(models.Model):
    """A suspension, its end or a revocation, prepared by one person and confirmed by another.

    Attributes:
        number, decided_on: of the document that says so.
        answer: why a change was not confirmed.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(_("what happens"), max_length=10, choices=ChangeKind.choices)
    number = models.CharField(_("number of the document"), max_length=60)
    reason = models.CharField(_("reason"), max_length=300)
    decided_on = models.DateField(_("day of the document"))
    outcome = models.CharField(
        _("state"), max_length=10, choices=ChangeOutcome.choices, default=ChangeOutcome.WAITING
    )
    answer = models.CharField(_("why not"), max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("prepared at"), default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("confirmed at"), null=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("change of an award")
        verbose_name_plural = _("changes of awards")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["award"],
                condition=models.Q(outcome="waiting"),
                name="honors_change_one_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_by__isnull=True)
                | ~models.Q(answered_by=models.F("proposed_by"))
                | models.Q(outcome="dropped"),
                name="honors_change_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="waiting", answered_at__isnull=True)
                | (~models.Q(outcome="waiting") & models.Q(answered_at__isnull=False)),
                name="honors_change_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.kind} {self.number}"


class ReviewResult(models.TextChoices):
    """What a quarterly review of a post comes to."""

    KEPT = "kept", pgettext_lazy("review of a post", "Keeps the title")
    IMPROVE = "improve", pgettext_lazy("review of a post", "Has to improve")
    PROPOSE_SUSPENSION = "suspend", pgettext_lazy("review of a post", "Suspension proposed")


class PostReview(models.Model):
    """The review of a titled post for one quarter (岗位季度复核).

    Attributes:
        violations: known breaches of rules (三违) in the quarter.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="reviews")
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    result = models.CharField(_("result"), max_length=10, choices=ReviewResult.choices)
    accident_free_days = models.PositiveIntegerField(_("days without accident"), null=True)
    hazards_found = models.PositiveIntegerField(_("hazards found"), null=True)
    violations = models.PositiveSmallIntegerField(_("breaches of rules"), default=0)
    note = models.CharField(pgettext_lazy("review of a post", "note"), max_length=300, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), default=timezone.now)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("review of a post")
        verbose_name_plural = _("reviews of posts")
        ordering = ["-year", "-quarter", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["award", "year", "quarter"], name="honors_review_once_a_quarter"
            ),
            models.CheckConstraint(
                condition=models.Q(quarter__gte=1, quarter__lte=4),
                name="honors_review_quarter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.year}Q{self.quarter}"


class RewardKind(models.TextChoices):
    """What is handed out besides the certificate."""

    MONEY = "money", pgettext_lazy("reward", "Bonus")
    OBJECT = "object", pgettext_lazy("reward", "Object")
    REST = "rest", pgettext_lazy("reward", "Rest cure or study trip")


class MaterialReward(models.Model):
    """One line of the register of material rewards (物质奖励登记).

    Attributes:
        amount: yuan, of a bonus the whole sum, of an object its value; None when not known.
        received_by: who signed for it.
        returned_on: after a revocation.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="rewards")
    kind = models.CharField(
        pgettext_lazy("reward", "what kind"), max_length=10, choices=RewardKind.choices
    )
    description = models.CharField(pgettext_lazy("reward", "what"), max_length=100)
    amount = models.DecimalField(
        _("amount in yuan"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    handed_on = models.DateField(_("handed over on"))
    received_by = models.CharField(_("signed for by"), max_length=50)
    returned_on = models.DateField(_("given back on"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("material reward")
        verbose_name_plural = _("material rewards")
        ordering = ["-handed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(returned_on__isnull=True)
                | models.Q(returned_on__gte=models.F("handed_on")),
                name="honors_reward_days_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.kind}"
