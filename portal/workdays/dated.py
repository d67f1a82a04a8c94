"""Numbers that come from a regulation: rows with their clause and the day they hold from.

A rule that changes gets a new row; what began under the old one keeps it.
"""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.workdays import calendar as workdays


class DatedRuleQuerySet(models.QuerySet[Any]):
    """Sets of rules."""

    def in_force(self, code: str, day: datetime.date) -> Any:
        """Return the rule of this code in force on a day.

        Raises:
            ObjectDoesNotExist: none was ever in force.
        """
        return self.filter(code=code, effective_from__lte=day).latest("effective_from")


class DatedRule(models.Model):
    """One number of a regulation.

    Attributes:
        code: what it is.
        clause: what it rests on.
        effective_from: the first day on which it holds.
    """

    code = models.CharField(max_length=40)
    clause = models.CharField(_("clause"), max_length=200)
    effective_from = models.DateField(_("in force from"))

    objects: ClassVar[Any] = DatedRuleQuerySet.as_manager()

    class Meta:
        abstract = True


class LimitKind(models.TextChoices):
    """How the days of a limit are counted."""

    WORKING = "working", _("working days")
    CALENDAR = "calendar", pgettext_lazy("limit", "calendar days")


class DatedLimit(DatedRule):
    """One time limit in days."""

    days = models.PositiveSmallIntegerField(_("days"))
    kind = models.CharField(max_length=10, choices=LimitKind.choices)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.days}"

    @classmethod
    def on(cls, code: str, day: datetime.date) -> Self:
        """Return the limit of this code in force on a day.

        Raises:
            ObjectDoesNotExist: none was ever in force.
        """
        found: Self = cls.objects.in_force(code, day)
        return found

    def last_day(self, start: datetime.date) -> datetime.date:
        """Return the last day when it begins on a day, which itself does not count.

        A last day off moves to the next working day. Source: Civil Code, articles 201 and 203.
        """
        calendar = workdays.current()
        if self.kind == LimitKind.WORKING:
            return calendar.add_working_days(start, self.days).date
        day = start + datetime.timedelta(days=self.days)
        while not calendar.is_working_day(day):
            day += datetime.timedelta(days=1)
        return day
