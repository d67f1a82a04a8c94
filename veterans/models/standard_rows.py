"""The rows of a standard: limits, conditions, amounts, materials, steps, each with its clause."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey

from veterans.models.standard_fields import (
    BandsField,
    CategoriesField,
    ConditionMixin,
    StandardRow,
    yuan_field,
)
from veterans.standards.answer_fields import Answers
from veterans.standards.conditions import Condition, Operator
from veterans.standards.vocabulary import field_choices, number_field_choices

if TYPE_CHECKING:
    from veterans.models.standards import ItemVersion

# By its name: versions read these rows, and so import them.
VERSION = "veterans.ItemVersion"


class Stage(models.TextChoices):
    """Stages that have a time limit."""

    ACCEPTANCE = "acceptance", pgettext_lazy("stage of a case", "Acceptance")
    CORRECTION = "correction", pgettext_lazy("stage of a case", "Completing the application")
    DECISION = "decision", pgettext_lazy("stage of a case", "Decision")
    EXTENSION = "extension", pgettext_lazy("stage of a case", "Extension of the decision")
    NOTICE = "notice", pgettext_lazy("stage of a case", "Public notice")
    PAYMENT = "payment", pgettext_lazy("stage of a case", "Payment")


class TimeLimit(StandardRow):
    """How long a stage may take."""

    version = ParentalKey(VERSION, on_delete=models.CASCADE, related_name="limits")
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices)
    days = models.PositiveSmallIntegerField(_("days"), validators=[MinValueValidator(1)])
    working = models.BooleanField(
        _("working days"), default=True, help_text=_("Otherwise calendar days.")
    )
    clause = models.CharField(_("clause"), max_length=120)

    class Meta(StandardRow.Meta):
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        constraints = [
            models.UniqueConstraint(fields=["version", "stage"], name="veterans_limit_once_a_stage")
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.days}"


class EligibilityRule(ConditionMixin, StandardRow):
    """One condition of eligibility: asked as data, answered in words."""

    version = ParentalKey(VERSION, on_delete=models.CASCADE, related_name="rules")
    title = models.CharField(
        _("condition"), max_length=120, help_text=_("As it is printed in the standard.")
    )
    when_field = models.CharField(
        _("asked only if"), max_length=30, blank=True, choices=field_choices
    )
    when_operator = models.CharField(
        _("comparison"), max_length=12, blank=True, choices=Operator.choices
    )
    when_value = models.CharField(_("value"), max_length=200, blank=True)
    refuses = models.BooleanField(
        _("excludes"), default=True, help_text=_("Otherwise a person checks it.")
    )
    met = models.CharField(_("if fulfilled, say"), max_length=200, blank=True)
    unmet = models.CharField(_("if not, say why"), max_length=200)
    clause = models.CharField(_("clause"), max_length=120)

    class Meta(StandardRow.Meta):
        verbose_name = _("condition of eligibility")
        verbose_name_plural = _("conditions of eligibility")

    def __str__(self) -> str:
        return self.title

    @property
    def when(self) -> Condition:
        """The condition under which the rule is asked."""
        return Condition(self.when_field, self.when_operator, self.when_value)

    def clean(self) -> None:
        """Check both comparisons."""
        super().clean()
        if not self.field:
            raise ValidationError({"field": _("Please choose what is compared.")})
        try:
            self.when.check()
        except ValidationError as error:
            raise ValidationError(
                {f"when_{name}": found for name, found in error.message_dict.items()}
            ) from error


class Method(models.TextChoices):
    """How an amount is computed."""

    FIXED = "fixed", _("Fixed amount")
    RATIO = "ratio", _("Share of a sum")
    TIER = "tier", _("Share by bands")
    IN_KIND = "in-kind", _("Not in money")


class EntitlementRow(ConditionMixin, StandardRow):
    """One row of the table of amounts."""

    version = ParentalKey(VERSION, on_delete=models.CASCADE, related_name="amounts")
    label = models.CharField(_("people in this row"), max_length=80)
    categories = CategoriesField(_("categories"))
    method = models.CharField(
        _("method"), max_length=10, choices=Method.choices, default=Method.FIXED
    )
    adds = models.BooleanField(
        _("on top"), default=False, help_text=_("Comes on top of the row that fits first.")
    )
    amount = yuan_field(_("amount in yuan"), default=Decimal(0))
    ratio = models.DecimalField(
        _("share"),
        max_digits=5,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("0.6 for 60 %."),
    )
    deductible = yuan_field(_("not counted, in yuan"), default=Decimal(0))
    base_field = models.CharField(
        _("share of"), max_length=30, blank=True, choices=number_field_choices
    )
    deduct_field = models.CharField(
        _("take off"), max_length=30, blank=True, choices=number_field_choices
    )
    quantity = models.PositiveSmallIntegerField(
        _("times"), default=1, validators=[MinValueValidator(1)]
    )
    quantity_field = models.CharField(
        _("times as answered"),
        max_length=30,
        blank=True,
        choices=number_field_choices,
        help_text=_("At most the number of times."),
    )
    bands = BandsField(_("bands"))
    cap_case = yuan_field(_("most for one case"), null=True, blank=True)
    cap_year = yuan_field(_("most for one person in a year"), null=True, blank=True)
    period = models.CharField(_("unit"), max_length=10, blank=True, help_text=_("月, 年, 次"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    clause = models.CharField(_("clause"), max_length=120)

    class Meta(StandardRow.Meta):
        verbose_name = _("row of the table of amounts")
        verbose_name_plural = _("table of amounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, ratio__gte=0, ratio__lte=1, deductible__gte=0),
                name="veterans_amount_not_negative",
            ),
            models.CheckConstraint(
                condition=(Q(cap_case__isnull=True) | Q(cap_case__gte=0))
                & (Q(cap_year__isnull=True) | Q(cap_year__gte=0)),
                name="veterans_caps_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Refuse what the method cannot be computed from."""
        super().clean()
        wrong: dict[str, Any] = {}
        if self.ratio is not None and self.ratio > 1:
            wrong["ratio"] = _("Write 60 % as 0.6.")
        if self.method == Method.FIXED and not self.amount:
            wrong["amount"] = _("Please write the amount.")
        if self.method == Method.RATIO and not self.ratio:
            wrong["ratio"] = _("Please write the share.")
        if self.method == Method.TIER and not self.bands:
            wrong["bands"] = _("Please write the bands.")
        if self.method in (Method.RATIO, Method.TIER) and not self.base_field:
            wrong["base_field"] = _("Please choose the sum that the share is taken of.")
        if self.method == Method.IN_KIND and not self.note:
            wrong["note"] = _("Please write what is granted.")
        if self.cap_case is not None and self.amount is not None and self.amount > self.cap_case:
            wrong["cap_case"] = _("The most for one case is less than the amount of this row.")
        if self.cap_year is not None:
            if self.amount is not None and self.amount > self.cap_year:
                wrong["cap_year"] = _("The most in a year is less than the amount of this row.")
            elif self.cap_case is not None and self.cap_case > self.cap_year:
                wrong["cap_year"] = _("The most in a year is less than the most for one case.")
        if wrong:
            raise ValidationError(wrong)


class Need(models.TextChoices):
    """Whether a material has to be brought."""

    REQUIRED = "required", _("Always needed")
    CONDITIONAL = "conditional", _("Needed in some cases")
    OPTIONAL = "optional", _("If you have it")


class MaterialManager(models.Manager["MaterialRequirement"]):
    """Materials of a version."""

    def for_answers(
        self, answers: Answers | Mapping[str, Any], on: datetime.date | None = None
    ) -> list[MaterialRequirement]:
        """Return the materials these answers call for, in order; what is unsure is listed."""
        version: ItemVersion = self.instance  # type: ignore[attr-defined]
        wanted = version.standard.materials_for(answers, on or timezone.localdate())
        codes = [material.code for material in wanted]
        rows = {row.code: row for row in self.all()}
        return [rows[code] for code in codes if code in rows]


class MaterialRequirement(ConditionMixin, StandardRow):
    """One paper to bring or to photograph (申请材料)."""

    version = ParentalKey(VERSION, on_delete=models.CASCADE, related_name="materials")
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    need = models.CharField(_("needed"), max_length=12, choices=Need.choices, default=Need.REQUIRED)
    formats = models.CharField(
        _("form of the paper"),
        max_length=80,
        blank=True,
        help_text=_("Original, copy, photograph."),
    )
    sample = models.CharField(
        _("what it looks like"),
        max_length=200,
        blank=True,
        help_text=_("Which pages and lines have to be readable."),
    )
    issued_by = models.CharField(_("where to get it"), max_length=80, blank=True)
    exempt_when_on_file = models.BooleanField(
        _("need not be brought again"),
        default=False,
        help_text=_("If the service station holds a valid copy (免提交)."),
    )
    valid_months = models.PositiveSmallIntegerField(
        _("valid for months"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    clause = models.CharField(_("clause"), max_length=120, blank=True)

    objects: ClassVar[MaterialManager] = MaterialManager()

    class Meta(StandardRow.Meta):
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code"], name="veterans_material_once_a_version"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A material needed in some cases says in which."""
        super().clean()
        if self.need == Need.CONDITIONAL and not self.field:
            raise ValidationError({"field": _("Please say in which cases it is needed.")})
        if self.need != Need.CONDITIONAL and self.field:
            raise ValidationError(
                {"need": _("A material with a condition is needed in some cases only.")}
            )


class Step(StandardRow):
    """One step of the way from application to payment, as the applicant reads it."""

    version = ParentalKey(VERSION, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(_("step"), max_length=40)
    role = models.CharField(_("who does it"), max_length=60)
    working_days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    description = models.CharField(_("what happens"), max_length=200)
    clause = models.CharField(_("clause"), max_length=120, blank=True)

    class Meta(StandardRow.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self) -> str:
        return self.name
