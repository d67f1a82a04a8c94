"""Archive codes (档号): the template of a fonds and year, the counters, every number issued."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.archives.models.records import Record, RetentionPeriod
from portal.archives.models.scope import ArchiveClass, Fonds


class CodePreset(models.TextChoices):
    """The two standards for the order and the separators of an archive code."""

    FILING_2015 = "{fonds}-{category}·{year}-{period}-{class}-{item}", "DA/T 22-2015"
    CODING_2022 = "{fonds}-{category}·{year}·{period}·{class}-{item}", "DA/T 13-2022"


class CodeTemplate(models.Model):
    """How the archive codes of one fonds and year are written; frozen by the first number."""

    fonds = models.ForeignKey(Fonds, verbose_name=_("fonds"), on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1921), MaxValueValidator(2999)]
    )
    pattern = models.CharField(
        _("standard"),
        max_length=80,
        choices=CodePreset.choices,
        default=CodePreset.FILING_2015,
    )
    category = models.CharField(
        _("category of records"),
        max_length=4,
        default="WS",
        validators=[
            RegexValidator(
                r"^[A-Z]{2,4}$", _("A category has two to four capital letters, WS for documents.")
            )
        ],
    )
    item_width = models.PositiveSmallIntegerField(
        _("digits of the item number"),
        default=4,
        validators=[MinValueValidator(3), MaxValueValidator(6)],
    )
    frozen_at = models.DateTimeField(_("frozen at"), null=True, editable=False)

    class Meta:
        verbose_name = _("code template")
        verbose_name_plural = _("code templates")
        ordering = ["-year", "fonds"]
        constraints = [
            models.UniqueConstraint(fields=["fonds", "year"], name="archives_template_once")
        ]

    def __str__(self) -> str:
        return f"{self.fonds_id} {self.year}"


class ItemCounter(models.Model):
    """The next item number of one lowest class: fonds, category, year, period, class."""

    fonds_code = models.CharField(max_length=4)
    category = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=3)
    class_code = models.CharField(max_length=10)
    next_number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("item counter")
        verbose_name_plural = _("item counters")
        constraints = [
            models.UniqueConstraint(
                fields=["fonds_code", "category", "year", "period", "class_code"],
                name="archives_counter_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.fonds_code}-{self.category}·{self.year}-{self.period}-{self.class_code}"


class IssuedCode(models.Model):
    """A number that was given out; it is never given again, even when it is void."""

    code = models.CharField(_("archive code"), max_length=80, unique=True)
    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField(_("year"))
    period = models.CharField(_("retention period"), max_length=3, choices=RetentionPeriod.choices)
    archive_class = models.ForeignKey(
        ArchiveClass, verbose_name=_("class"), on_delete=models.PROTECT, related_name="+"
    )
    item_number = models.PositiveIntegerField(_("item number"))
    record = models.ForeignKey(
        Record, verbose_name=_("record"), on_delete=models.PROTECT, related_name="issued_codes"
    )
    issued_at = models.DateTimeField(_("issued at"))
    voided_at = models.DateTimeField(_("void since"), null=True)
    void_reason = models.CharField(_("why it is void"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("issued archive code")
        verbose_name_plural = _("issued archive codes")
        ordering = ["fonds", "category", "year", "period", "archive_class", "item_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["fonds", "category", "year", "period", "archive_class", "item_number"],
                name="archives_item_number_once",
            ),
            models.UniqueConstraint(
                fields=["record"],
                condition=models.Q(voided_at__isnull=True),
                name="archives_one_valid_code_per_record",
            ),
        ]

    def __str__(self) -> str:
        return self.code
