"""The figures of support, counted beforehand: one row for each year, item, unit and month.

A row without item, unit or month is a total over it. Rows are written anew as a whole; what may
not be shown is marked when they are written, so that no page can show it by mistake.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Unit
from veterans.models.standards import SupportItem


class FigureRun(models.Model):
    """When the figures of a year were counted last."""

    year = models.PositiveSmallIntegerField(unique=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("count of figures")
        verbose_name_plural = _("counts of figures")

    def __str__(self) -> str:
        return str(self.year)


class Figure(models.Model):
    """The figures of one cell of a year; cases count in the month they were handed in.

    Attributes:
        people: different beneficiaries; from 1 to 4 hides the cell.
        on_time: decided on or before the last day.
        median_days: calendar days from hand-in to decision.
        hidden: the cell, or one that it would give away, is below five people.
        late_hidden, corrected_hidden, refused_hidden, granted_hidden, ratings_hidden: the same
            for one share or sum of a cell that is shown.
    """

    year = models.PositiveSmallIntegerField()
    item = models.ForeignKey(SupportItem, null=True, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+")
    month = models.PositiveSmallIntegerField(null=True)
    people = models.PositiveIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)
    decided = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    median_days = models.FloatField(null=True)
    corrected = models.PositiveIntegerField(default=0)
    approved = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    granted = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    paid = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    ratings = models.PositiveIntegerField(default=0)
    satisfied = models.PositiveIntegerField(default=0)
    bad_ratings = models.PositiveIntegerField(default=0)
    hidden = models.BooleanField(default=False)
    late_hidden = models.BooleanField(default=False)
    corrected_hidden = models.BooleanField(default=False)
    refused_hidden = models.BooleanField(default=False)
    granted_hidden = models.BooleanField(default=False)
    ratings_hidden = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        indexes = [models.Index(fields=["year", "item", "unit", "month"], name="veterans_figures")]

    def __str__(self) -> str:
        return f"{self.year} {self.item_id} {self.unit_id} {self.month}"


class RefusalFigure(models.Model):
    """How many applications of a year were refused for one reason; without an item, all of them."""

    year = models.PositiveSmallIntegerField()
    item = models.ForeignKey(SupportItem, null=True, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=30)
    count = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    hidden = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("figure of refusals")
        verbose_name_plural = _("figures of refusals")
        indexes = [models.Index(fields=["year", "item"], name="veterans_refusals")]

    def __str__(self) -> str:
        return f"{self.year} {self.reason}"
