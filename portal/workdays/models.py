"""The days on which the calendar differs from Monday to Friday, year by year."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

FIRST_YEAR = 1949
LAST_YEAR = 2999


class DayKind(models.TextChoices):
    """What the State Council's notice makes of a day."""

    HOLIDAY = "holiday", _("Day off")
    WORKING = "working", _("Working day in exchange")


class CalendarYear(models.Model):
    """A year whose days off are published; a year without a row is not known yet.

    Source: the notice of the General Office of the State Council that appears each autumn.
    """

    year = models.PositiveSmallIntegerField(
        _("year"),
        primary_key=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    source = models.CharField(_("published in"), max_length=200)
    imported_at = models.DateTimeField(_("imported at"))
    imported_by = models.CharField(_("imported by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """One day off, or one Saturday or Sunday that is worked in exchange (调休)."""

    date = models.DateField(_("date"), unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=DayKind.choices)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}"


class CalendarVersion(models.Model):
    """One row whose token changes with every change, so that a process knows its copy is old.

    A random token and not a number: two transactions, one of them rolled back, would give
    the same number to different calendars.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField(default=uuid.uuid4)

    class Meta:
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")

    def __str__(self) -> str:
        return str(self.token)
