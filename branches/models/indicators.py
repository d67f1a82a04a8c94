"""Thresholds of the indicators of a branch, as rows with their clause."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IndicatorCode(models.TextChoices):
    """What is measured of a branch. Source: section 2.7 of the domain facts."""

    TALKS = "talks", _("Members who had a talk")
    ATTENDANCE = "attendance", _("Attendance rate")
    RECORDS = "records", _("Days until the record")
    PLEDGES = "pledges", _("Safety pledges signed")


class IndicatorRule(models.Model):
    """From which number on an indicator is good, and from which it is to be watched.

    The requirements of organizational life and the rules of structure have rows of their own.

    Attributes:
        good, fair: percent, or working days where fewer are better (`RECORDS`).
        strict_month, strict_day: before this day of the year a bad number is only to be watched.
    """

    code = models.CharField(
        pgettext_lazy("indicator", "indicator"),
        max_length=20,
        choices=IndicatorCode.choices,
        unique=True,
    )
    good = models.DecimalField(
        pgettext_lazy("indicator", "good from"),
        max_digits=5,
        decimal_places=1,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(366))],
    )
    fair = models.DecimalField(
        pgettext_lazy("indicator", "to be watched from"),
        max_digits=5,
        decimal_places=1,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(366))],
    )
    strict_month = models.PositiveSmallIntegerField(
        pgettext_lazy("indicator", "strict from month"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    strict_day = models.PositiveSmallIntegerField(
        pgettext_lazy("indicator", "strict from day"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
    )
    clause = models.CharField(_("clause"), max_length=200)
    is_unverified = models.BooleanField(
        _("not confirmed yet"), default=False, help_text=_("The source is practice, not a rule.")
    )
    order = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    class Meta:
        verbose_name = _("threshold of an indicator")
        verbose_name_plural = _("thresholds of indicators")
        ordering = ["order", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(code="records", good__lte=models.F("fair"))
                | (~Q(code="records") & Q(good__gte=models.F("fair"))),
                name="branches_indicator_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.code
