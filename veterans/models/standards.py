"""Support items (优待项目) and the versions of their standards.

A standard is data: conditions, amounts, materials, steps and limits are rows with the clause
they rest on. A published version never changes; only the last day it is in force is written
when a newer one follows. Database triggers hold that, see `veterans.standards.guards`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from portal.organizations.models import Unit
from portal.pages.models.types import validate_document_number
from veterans.models.standard_fields import (
    BandsField,
    CategoriesField,
    ConditionMixin,
    StandardRow,
    yuan_field,
)
from veterans.standards.conditions import Condition, Operator
from veterans.standards.vocabulary import Answers, field_choices, number_field_choices

if TYPE_CHECKING:
    from veterans.standards.content import Limit, Question, Standard

validate_region = RegexValidator(
    r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$",
    _("Write the code of the administrative division: 2, 4, 6, 9 or 12 digits."),
)


class ItemCategory(models.TextChoices):
    """What an item is about."""

    HOUSING = "housing", _("Housing")
    MEDICAL = "medical", _("Medical care")
    EDUCATION = "education", _("Education")
    EMPLOYMENT = "employment", _("Employment")
    HARDSHIP = "hardship", _("Hardship")
    BEREAVEMENT = "bereavement", _("Care for the bereaved")
    GREETINGS = "greetings", _("Greetings")
    HONOR = "honor", _("Honor and reward")
    HEALTH = "health", _("Health and recreation")


class VersionState(models.TextChoices):
    """How far a version of a standard has come."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waiting for publication")
    PUBLISHED = "published", _("Published")


class Repeats(models.TextChoices):
    """How often one person may be granted an item; the caps of its rows hold besides."""

    YEAR = "year", _("Once a year")
    OCCASION = "occasion", _("Once a year for each festival")
    CASE = "case", _("As often as it happens, up to the caps")


class SupportItem(models.Model):
    """Something that veterans and their families can apply for (优待项目)."""

    code = models.SlugField(
        _("code"), max_length=40, unique=True, help_text=_("Small letters and hyphens: housing.")
    )
    name = models.CharField(_("name"), max_length=60, unique=True)
    category = models.CharField(_("category"), max_length=20, choices=ItemCategory.choices)
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("responsible unit"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    summary = models.CharField(
        _("summary"), max_length=120, blank=True, help_text=_("One sentence for the list.")
    )
    order = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    is_offered = models.BooleanField(
        _("offered"), default=True, help_text=_("Whether new applications are taken.")
    )

    class Meta:
        verbose_name = _("support item")
        verbose_name_plural = _("support items")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class ItemVersionQuerySet(models.QuerySet["ItemVersion"]):
    """Sets of versions."""

    def published(self) -> ItemVersionQuerySet:
        """Versions that are or were in force."""
        return self.filter(status=VersionState.PUBLISHED)

    def in_force_on(self, day: datetime.date) -> ItemVersionQuerySet:
        """Published versions in force on a day, first and last day included."""
        return self.published().filter(
            Q(effective_to__isnull=True) | Q(effective_to__gte=day), effective_from__lte=day
        )


class ItemVersion(ClusterableModel):
    """One version of the standard of an item, for one region or for all."""

    item = models.ForeignKey(
        SupportItem,
        verbose_name=_("support item"),
        on_delete=models.PROTECT,
        related_name="versions",
    )
    number = models.PositiveSmallIntegerField(_("version"), editable=False)
    region = models.CharField(
        _("region code"),
        max_length=12,
        blank=True,
        validators=[validate_region],
        help_text=_("Empty: everywhere. The longest code that fits goes before shorter ones."),
    )
    region_name = models.CharField(_("region"), max_length=40, blank=True)
    status = models.CharField(
        _("state"),
        max_length=10,
        choices=VersionState.choices,
        default=VersionState.DRAFT,
        editable=False,
    )
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(
        _("in force until"),
        null=True,
        blank=True,
        help_text=_("Empty: until a newer version follows."),
    )
    document_number = models.CharField(
        _("document number"), max_length=60, validators=[validate_document_number]
    )
    basis = models.TextField(
        _("basis"), help_text=_("Laws and documents with their clauses, one a line.")
    )
    people = models.TextField(_("who it is for"))
    payment = models.TextField(
        _("how it is paid"), blank=True, help_text=_("From when, how often, to which account.")
    )
    guide = models.TextField(
        _("in plain words"),
        blank=True,
        help_text=_("For readers of eighty: short sentences, one paragraph a line."),
    )
    place = models.CharField(_("where to go"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    hours = models.CharField(_("office hours"), max_length=80, blank=True)
    channels = models.CharField(_("ways to apply"), max_length=120, blank=True)
    repeats = models.CharField(
        _("how often"), max_length=10, choices=Repeats.choices, default=Repeats.YEAR
    )
    applies_to_open_cases = models.BooleanField(
        _("also for open cases"),
        default=False,
        help_text=_("Only where the new standard says so itself, and is better for people."),
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), related_name="+", editable=False
    )
    changed_at = models.DateTimeField(_("last changed at"), editable=False, default=timezone.now)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("proposed by"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_at = models.DateTimeField(_("proposed at"), null=True, editable=False)
    return_reason = models.CharField(
        _("why it came back"), max_length=300, blank=True, editable=False
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    snapshot = models.TextField(editable=False, blank=True)
    snapshot_sha256 = models.CharField(_("check sum"), max_length=64, editable=False, blank=True)

    objects: ClassVar[Any] = ItemVersionQuerySet.as_manager()

    if TYPE_CHECKING:
        item_id: int
        proposed_by_id: int | None
        published_by_id: int | None

    class Meta:
        verbose_name = _("version of a standard")
        verbose_name_plural = _("versions of standards")
        ordering = ["item__order", "item_id", "region", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "region", "number"], name="veterans_version_number_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=VersionState.values), name="veterans_version_state_known"
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True)
                | Q(effective_to__gte=models.F("effective_from")),
                name="veterans_version_days_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(status=VersionState.PUBLISHED)
                | (
                    Q(published_by__isnull=False)
                    & Q(published_at__isnull=False)
                    & Q(proposed_by__isnull=False)
                    & ~Q(snapshot_sha256="")
                ),
                name="veterans_version_published_whole",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=models.F("proposed_by")),
                name="veterans_version_four_eyes",
            ),
        ]
        indexes = [
            models.Index(
                fields=["item", "status", "-effective_from"], name="veterans_version_in_force"
            )
        ]

    def __str__(self) -> str:
        region = f"（{self.region_name or self.region}）" if self.region else ""
        return f"{self.item.name}{region} {self.effective_from.year}年版"

    def clean(self) -> None:
        """Refuse days in the wrong order and a region without a name."""
        super().clean()
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            raise ValidationError(
                {"effective_to": _("The standard ends before it begins. Please correct one day.")}
            )
        if self.region and not self.region_name:
            raise ValidationError({"region_name": _("Please write the name of the region.")})

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save; a new version gets the next number of its item and region."""
        if self.status != VersionState.PUBLISHED and self._number_is_taken():
            newest = self._siblings().aggregate(newest=models.Max("number"))["newest"]
            self.number = (newest or 0) + 1
        self.__dict__.pop("standard", None)
        return super().save(*args, **kwargs)

    def _siblings(self) -> models.QuerySet[ItemVersion]:
        found: models.QuerySet[ItemVersion] = ItemVersion.objects.filter(
            item_id=self.item_id, region=self.region
        )
        return found.exclude(pk=self.pk)

    def _number_is_taken(self) -> bool:
        """Whether the draft has no number yet, or moved to a region that has this one."""
        return not self.number or self._siblings().filter(number=self.number).exists()

    # ---- What the flow of a case asks

    @property
    def is_published(self) -> bool:
        """Whether the version is or was in force."""
        return self.status == VersionState.PUBLISHED

    @cached_property
    def standard(self) -> Standard:
        """The content: of a published version from its snapshot, of a draft from its rows.

        Raises:
            SnapshotDamaged: the snapshot does not have its check sum any more.
        """
        from veterans.standards.reading import standard_of

        return standard_of(self)

    def questions(self) -> list[Question]:
        """Return the plain questions an applicant answers, in order."""
        return self.standard.questions()

    def steps_in_order(self) -> list[Step]:
        """Return the steps of the way."""
        return sorted(self.steps.all(), key=lambda step: (step.sort_order or 0, step.pk or 0))

    def limit(self, stage: str) -> Limit | None:
        """Return the time limit of a stage with its clause; None where there is none."""
        return self.standard.limit(stage)

    def _days(self, stage: str) -> int | None:
        limit = self.limit(stage)
        return limit.days if limit else None

    @property
    def acceptance_days(self) -> int | None:
        """Working days until an application is accepted or sent back (受理)."""
        return self._days(Stage.ACCEPTANCE)

    @property
    def correction_days(self) -> int | None:
        """Working days an applicant has to complete an application (补正)."""
        return self._days(Stage.CORRECTION)

    @property
    def decision_days(self) -> int | None:
        """Working days from acceptance to the decision (办理)."""
        return self._days(Stage.DECISION)

    @property
    def extension_days(self) -> int | None:
        """Working days a decision may be put off once (延长)."""
        return self._days(Stage.EXTENSION)

    @property
    def notice_days(self) -> int | None:
        """Working days of the public notice (公示); None where the item needs none."""
        return self._days(Stage.NOTICE)

    @property
    def payment_days(self) -> int | None:
        """Working days from the end of the notice to the payment (发放)."""
        return self._days(Stage.PAYMENT)


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

    version = ParentalKey(ItemVersion, on_delete=models.CASCADE, related_name="limits")
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

    version = ParentalKey(ItemVersion, on_delete=models.CASCADE, related_name="rules")
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

    version = ParentalKey(ItemVersion, on_delete=models.CASCADE, related_name="amounts")
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

    version = ParentalKey(ItemVersion, on_delete=models.CASCADE, related_name="materials")
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

    version = ParentalKey(ItemVersion, on_delete=models.CASCADE, related_name="steps")
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
