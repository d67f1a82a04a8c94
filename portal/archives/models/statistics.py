"""What should be filed, and figures that are summed up once a day."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.archives.models.records import AccessLevel, Record, RecordState, RetentionPeriod
from portal.archives.statistics.querysets import FileFigureQuerySet
from portal.organizations.models import Unit, UnitKind


class FilingInterval(models.TextChoices):
    """How often something is to be filed."""

    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    YEAR = "year", _("Every year")

    @property
    def months(self) -> int:
        """Return how many months one interval has."""
        return {"month": 1, "quarter": 3, "year": 12}[self.value]


class ExpectedFiling(models.Model):
    """What a unit of a kind files how often at least, and which rule says so (应归档数).

    Source: the working rules for Party branches of 2018 (支部工作条例), articles 11 to 18.
    """

    kind = models.CharField(_("kind"), max_length=30)
    subkind = models.CharField(_("detail of the kind"), max_length=30, blank=True)
    count = models.PositiveSmallIntegerField(
        _("number"), default=1, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    interval = models.CharField(_("how often"), max_length=8, choices=FilingInterval.choices)
    unit_kind = models.CharField(_("kind of unit"), max_length=20, choices=UnitKind.choices)
    clause = models.CharField(_("clause"), max_length=200)
    excepted_units = models.ManyToManyField(
        Unit,
        verbose_name=_("units without this duty"),
        blank=True,
        related_name="+",
        help_text=_("Such as branches of fewer than seven members, which have no committee."),
    )

    class Meta:
        verbose_name = _("expected filing")
        verbose_name_plural = _("expected filings")
        ordering = ["unit_kind", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subkind", "unit_kind"], name="archives_expected_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_kind} {self.kind} {self.subkind}".strip()


class PageCount(models.Model):
    """How many pages the text of a record has; counted once, because bytes never change."""

    record = models.OneToOneField(
        Record, primary_key=True, on_delete=models.CASCADE, related_name="page_count"
    )
    pages = models.PositiveIntegerField(_("pages"))

    class Meta:
        verbose_name = _("page count")
        verbose_name_plural = _("page counts")

    def __str__(self) -> str:
        return str(self.pages)


class FiguresOfYear(models.Model):
    """When the file figures of a year were summed up."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("figures of a year")
        verbose_name_plural = _("figures of years")

    def __str__(self) -> str:
        return str(self.year)


class FileFigure(models.Model):
    """Files, bytes and pages of the records of a year that are alike in what the columns say.

    A year of many records would take seconds to sum up for each reader; the daily job does it
    once (`portal.archives.statistics.figures`).
    """

    year = models.PositiveSmallIntegerField(_("year"), db_index=True)
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    access_level = models.CharField(max_length=10, choices=AccessLevel.choices)
    state = models.CharField(max_length=10, choices=RecordState.choices)
    class_code = models.CharField(max_length=20, blank=True)
    period = models.CharField(max_length=3, choices=RetentionPeriod.choices, blank=True)
    media_type = models.CharField(_("format"), max_length=100)
    files = models.PositiveBigIntegerField(_("files"))
    bytes = models.PositiveBigIntegerField(_("size"))
    pages = models.PositiveBigIntegerField(_("pages"))

    objects = FileFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("file figure")
        verbose_name_plural = _("file figures")

    def __str__(self) -> str:
        return f"{self.year} {self.media_type} {self.files}"
