"""Support items (优待项目) and the versions of their standards.

A standard is data: conditions, amounts, materials, steps and limits are rows with the clause
they rest on. A published version never changes; only the last day it is in force is written
when a newer one follows. Database triggers hold that, see `veterans.standards.guards`.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel

from portal.organizations.models import Unit
from portal.pages.models.types import validate_document_number
from veterans.models.standard_rows import Stage

if TYPE_CHECKING:
    from veterans.models.standard_rows import Step
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

    def is_in_force_on(self, day: datetime.date) -> bool:
        """Whether a published version is in force on a day, first and last day included."""
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )

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
