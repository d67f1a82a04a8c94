"""Suggestions for improvement (合理化建议): scores, tiers, awards. Money is yuan as Decimal."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.cases.models import Case
from portal.organizations.models import Unit
from portal.people.models import Person

LONGEST_TEXT = 3_000


def _user(**keywords: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **keywords
    )


class SuggestionClass(models.Model):
    """What a suggestion improves (类别): safety, quality, equipment and so on."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(_("class"), max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("class of suggestions")
        verbose_name_plural = _("classes of suggestions")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Suggestion(models.Model):
    """One suggestion; its short name is the item of its case.

    Attributes:
        co_authors: who suggested it together with the applicant; they score it no more than he.
        expected_benefit: yuan a year, as the applicant reckons; None where it saves no money.
        verified_benefit: yuan a year, as the effect check (效果验证) found.
        points: mean of all scores, when the award was decided.
    """

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="suggestion"
    )
    suggestion_class = models.ForeignKey(
        SuggestionClass,
        verbose_name=_("class"),
        on_delete=models.PROTECT,
        related_name="suggestions",
    )
    present = models.TextField(_("how it is now"), max_length=LONGEST_TEXT)
    measures = models.TextField(_("what should change"), max_length=LONGEST_TEXT)
    expected = models.TextField(_("expected effect"), max_length=LONGEST_TEXT)
    expected_benefit = models.DecimalField(
        _("expected benefit a year (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    done_already = models.BooleanField(_("already put into practice"), default=False)
    co_authors = models.ManyToManyField(Person, related_name="+", blank=True)
    verified_benefit = models.DecimalField(
        _("verified benefit a year (yuan)"), max_digits=12, decimal_places=2, null=True
    )
    verification = models.TextField(_("what the effect check found"), blank=True)
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    if TYPE_CHECKING:
        case_id: Any

    class Meta:
        verbose_name = _("suggestion for improvement")
        verbose_name_plural = _("suggestions for improvement")
        constraints = [
            models.CheckConstraint(
                condition=Q(expected_benefit=None) | Q(expected_benefit__gte=0),
                name="union_expected_benefit_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(verified_benefit=None) | Q(verified_benefit__gte=0),
                name="union_verified_benefit_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.case.number or str(self.pk)


class ScoreCriterion(models.Model):
    """One of the parts of a score; all of them together give a hundred points."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(_("criterion"), max_length=40)
    most = models.PositiveSmallIntegerField(_("most points"))
    clause = models.CharField(_("clause"), max_length=200)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("criterion of scores")
        verbose_name_plural = _("criteria of scores")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.name}（{self.most}）"


class SuggestionScore(models.Model):
    """What one scorer gave a suggestion, all criteria together."""

    suggestion = models.ForeignKey(Suggestion, on_delete=models.CASCADE, related_name="scores")
    scorer = _user()
    total = models.PositiveSmallIntegerField(_("points"))
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "scorer"], name="union_scored_once"),
            models.CheckConstraint(condition=Q(total__lte=100), name="union_score_of_a_hundred"),
        ]

    def __str__(self) -> str:
        return f"{self.suggestion_id} {self.total}"


class ScorePoint(models.Model):
    """The points of one criterion in one score."""

    score = models.ForeignKey(SuggestionScore, on_delete=models.CASCADE, related_name="points")
    criterion = models.ForeignKey(ScoreCriterion, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("points of a criterion")
        verbose_name_plural = _("points of criteria")
        ordering = ["criterion__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["score", "criterion"], name="union_criterion_once")
        ]

    def __str__(self) -> str:
        return f"{self.score_id} {self.points}"


class TierQuerySet(models.QuerySet[Any]):
    """Sets of tiers."""

    def in_force(self, day: datetime.date) -> TierQuerySet:
        """Tiers in force on a day, the highest first."""
        condition = Q(effective_to=None) | Q(effective_to__gte=day)
        return self.filter(condition, effective_from__lte=day)


class BenefitTier(models.Model):
    """A range of yearly benefit (效益档次), from `least` yuan upwards."""

    name = models.CharField(_("benefit tier"), max_length=40)
    least = models.DecimalField(_("from (yuan a year)"), max_digits=12, decimal_places=2)
    clause = models.CharField(_("clause"), max_length=200)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force to"), null=True, blank=True)

    objects: ClassVar[Any] = TierQuerySet.as_manager()

    class Meta:
        verbose_name = _("benefit tier")
        verbose_name_plural = _("benefit tiers")
        ordering = ["-least"]
        constraints = [
            models.CheckConstraint(condition=Q(least__gte=0), name="union_benefit_from_nothing")
        ]

    def __str__(self) -> str:
        return self.name


class AwardTier(models.Model):
    """An award (奖励等级): what is needed for it, and its amount in yuan."""

    name = models.CharField(_("award"), max_length=40)
    least_points = models.PositiveSmallIntegerField(_("from (points)"))
    least_benefit = models.DecimalField(
        _("from (yuan a year)"), max_digits=12, decimal_places=2, default=Decimal(0)
    )
    amount = models.DecimalField(_("amount (yuan)"), max_digits=10, decimal_places=2)
    clause = models.CharField(_("clause"), max_length=200)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force to"), null=True, blank=True)

    objects: ClassVar[Any] = TierQuerySet.as_manager()

    class Meta:
        verbose_name = _("award tier")
        verbose_name_plural = _("award tiers")
        ordering = ["-amount", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(least_points__lte=100, amount__gt=0, least_benefit__gte=0),
                name="union_award_tier_sensible",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Award(models.Model):
    """One line of the award register (奖励台账). Names and amounts stay as they were decided."""

    suggestion = models.OneToOneField(
        Suggestion, primary_key=True, on_delete=models.PROTECT, related_name="award"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    tier = models.ForeignKey(AwardTier, on_delete=models.PROTECT, related_name="awards")
    benefit_tier = models.ForeignKey(BenefitTier, on_delete=models.PROTECT, related_name="awards")
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)
    benefit = models.DecimalField(
        _("verified benefit a year (yuan)"), max_digits=12, decimal_places=2
    )
    amount = models.DecimalField(_("amount (yuan)"), max_digits=10, decimal_places=2)
    clause = models.CharField(_("clause"), max_length=200)
    decided_by = _user()
    decided_on = models.DateField(_("decided on"))

    class Meta:
        verbose_name = _("award of a suggestion")
        verbose_name_plural = _("awards of suggestions")
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, benefit__gte=0, points__lte=100),
                name="union_award_sensible",
            )
        ]

    def __str__(self) -> str:
        return f"{self.suggestion_id} {self.amount}"
