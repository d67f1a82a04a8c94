"""Days on which something is held again and again."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Unit


class Weekday(models.IntegerChoices):
    """Days of the week, as in `datetime.date.weekday`."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class ThemeDayRule(models.Model):
    """The day of each month on which a branch holds its theme Party day.

    Source: 《中国共产党支部工作条例（试行）》第十六条, a relatively fixed day of each month.

    Attributes:
        day: of the month; or the ordinal of `weekday` in the month where that is set.
        weekday: the n-th such day of the month; empty for the n-th day.
        onto_working_day: a day off is moved to the next working day, within the month.
    """

    branch = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="theme_day_rule")
    day = models.PositiveSmallIntegerField(
        pgettext_lazy("theme day", "number"),
        validators=[MinValueValidator(1), MaxValueValidator(31)],
    )
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"), null=True, blank=True, choices=Weekday.choices
    )
    onto_working_day = models.BooleanField(_("move to the next working day"), default=True)
    starts = models.TimeField(_("starts at"), default=datetime.time(15, 0))
    hours = models.DecimalField(
        _("hours"),
        max_digits=3,
        decimal_places=1,
        default=2,
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(8)],
    )
    place = models.CharField(_("place"), max_length=100, blank=True)
    topic = models.CharField(_("topic"), max_length=200, default="主题党日")

    class Meta:
        verbose_name = _("rule of the theme day")
        verbose_name_plural = _("rules of theme days")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(weekday=None) | models.Q(day__lte=5),
                name="branches_theme_day_ordinal",
            ),
        ]

    def __str__(self) -> str:
        return f"ThemeDayRule {self.pk}"
