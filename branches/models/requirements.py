"""How often a Party branch holds what, as rows with their clause, and what is excused."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models.activities import ActivityKind
from portal.organizations.models import Unit
from portal.people.models import User


class Period(models.TextChoices):
    """In which time something is held once or more."""

    MONTH = "month", pgettext_lazy("period", "Month")
    QUARTER = "quarter", pgettext_lazy("period", "Quarter")
    YEAR = "year", pgettext_lazy("period", "Year")


#: How many months a period has.
MONTHS: dict[str, int] = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


class LifeRequirement(models.Model):
    """One rule of organizational life: which activity, how often, when it is late.

    The rules warn and forbid nothing.

    Attributes:
        warning_days: calendar days before the end of the period in which it is "soon due".
        record_days: working days within which the record has to be there.
    """

    kind = models.CharField(
        _("kind of activity"), max_length=20, choices=ActivityKind.choices, unique=True
    )
    period = models.CharField(
        pgettext_lazy("branch life", "in each"), max_length=10, choices=Period.choices
    )
    count = models.PositiveSmallIntegerField(
        pgettext_lazy("branch life", "times"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
    )
    warning_days = models.PositiveSmallIntegerField(
        _("soon due, days before"), default=7, validators=[MaxValueValidator(90)]
    )
    record_days = models.PositiveSmallIntegerField(
        _("record within, working days"), default=3, validators=[MaxValueValidator(60)]
    )
    clause = models.CharField(_("clause"), max_length=200)
    is_unverified = models.BooleanField(
        _("not confirmed yet"), default=False, help_text=_("The source is practice, not a rule.")
    )
    order = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    class Meta:
        verbose_name = _("requirement of organizational life")
        verbose_name_plural = _("requirements of organizational life")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class LifeExemption(models.Model):
    """Why a branch does not hold something in a year, or in one period of it (说明原因).

    Attributes:
        month: the first month of the period; empty for the whole year.
    """

    requirement = models.ForeignKey(
        LifeRequirement, on_delete=models.CASCADE, related_name="exemptions"
    )
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(
        pgettext_lazy("branch life", "month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    reason = models.CharField(_("reason"), max_length=200)
    written_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    written_on = models.DateField(_("written on"))

    class Meta:
        verbose_name = _("explained gap")
        verbose_name_plural = _("explained gaps")
        ordering = ["-year", "month", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["requirement", "branch", "year", "month"], name="gap_explained_once"
            ),
            models.UniqueConstraint(
                fields=["requirement", "branch", "year"],
                condition=models.Q(month__isnull=True),
                name="year_explained_once",
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    def clean(self) -> None:
        """Refuse a month in which no period begins."""
        super().clean()
        if self.month and (self.month - 1) % MONTHS[self.requirement.period]:
            raise ValidationError({"month": _("No period of this requirement begins there.")})
