"""Inspections, hazards until they are closed, and the ledger of rewards and penalties.

The portal follows what members of the Party find; the safety system of the enterprise stays the
record. Source: section 2.6 of the domain facts; 《煤矿安全生产条例》第三十五条.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.append_only import AppendOnlyTable, register_append_only
from portal.organizations.models import Unit
from portal.people.models import Person, User


class InspectionKind(models.TextChoices):
    """How an inspection came about."""

    REGULAR = "regular", _("Regular inspection")
    DUTY = "duty", _("Members on duty together")
    POST = "post", _("Safety supervision post")
    NIGHT = "night", _("Unannounced at night")


class SafetyInspection(models.Model):
    """Members of a branch looked after safety somewhere."""

    branch = models.ForeignKey(
        Unit, verbose_name=_("Party branch"), on_delete=models.PROTECT, related_name="inspections"
    )
    kind = models.CharField(
        pgettext_lazy("inspection", "kind"), max_length=10, choices=InspectionKind.choices
    )
    held_on = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=100)
    people = models.ManyToManyField(
        Person, verbose_name=_("who took part"), related_name="inspections"
    )
    findings = models.TextField(
        pgettext_lazy("inspection", "what was found"), blank=True, max_length=2000
    )
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    if TYPE_CHECKING:
        branch_id: int

    class Meta:
        verbose_name = _("safety inspection")
        verbose_name_plural = _("safety inspections")
        ordering = ["-held_on", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["branch", "-held_on"], name="branches_inspection_newest")
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.place}"


class HazardKind(models.TextChoices):
    """What a hazard threatens with."""

    ROOF = "roof", pgettext_lazy("hazard", "Roof")
    GAS = "gas", pgettext_lazy("hazard", "Gas")
    WATER = "water", pgettext_lazy("hazard", "Water")
    FIRE = "fire", pgettext_lazy("hazard", "Fire")
    ELECTRICITY = "electricity", pgettext_lazy("hazard", "Machines and electricity")
    TRANSPORT = "transport", pgettext_lazy("hazard", "Transport")
    BEHAVIOUR = "behaviour", pgettext_lazy("hazard", "Behaviour against the rules")
    OTHER = "other", pgettext_lazy("hazard", "Other")


class HazardGrade(models.TextChoices):
    """How serious a hazard is."""

    ORDINARY = "ordinary", pgettext_lazy("hazard", "Ordinary")
    MAJOR = "major", pgettext_lazy("hazard", "Major")


class HazardState(models.TextChoices):
    """Where a hazard stands. Source: section 2.6 of the domain facts, 整改、复查、销号."""

    OPEN = "open", pgettext_lazy("hazard", "To be removed")
    REMOVED = "removed", pgettext_lazy("hazard", "To be checked again")
    CLOSED = "closed", pgettext_lazy("hazard", "Closed")


class Hazard(models.Model):
    """A hazard that a member found, until somebody else saw that it is gone.

    Attributes:
        number: year and running number, such as 隐2026-0012.
        source_number: its number in the safety system of the enterprise, the record.
        removed_by: who says that it is gone; somebody else checks.
        version: grows with every step; a form that knows an older one is refused.
    """

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    branch = models.ForeignKey(
        Unit, verbose_name=_("Party branch"), on_delete=models.PROTECT, related_name="hazards"
    )
    inspection = models.ForeignKey(
        SafetyInspection,
        verbose_name=_("inspection"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hazards",
    )
    kind = models.CharField(
        pgettext_lazy("hazard", "kind"), max_length=12, choices=HazardKind.choices
    )
    grade = models.CharField(
        pgettext_lazy("hazard", "grade"), max_length=10, choices=HazardGrade.choices
    )
    place = models.CharField(_("place"), max_length=100)
    description = models.TextField(_("what was seen"), max_length=2000)
    found_by = models.ForeignKey(
        Person,
        verbose_name=pgettext_lazy("hazard", "found by"),
        on_delete=models.PROTECT,
        related_name="hazards_found",
    )
    found_on = models.DateField(_("found on"))
    responsible_unit = models.ForeignKey(
        Unit, verbose_name=_("responsible unit"), on_delete=models.PROTECT, related_name="+"
    )
    measure = models.CharField(_("measure"), max_length=200)
    due_on = models.DateField(_("to be removed by"))
    source_number = models.CharField(_("number in the safety system"), max_length=60, blank=True)
    state = models.CharField(
        pgettext_lazy("hazard", "state"),
        max_length=10,
        choices=HazardState.choices,
        default=HazardState.OPEN,
        editable=False,
    )
    removed_by = models.ForeignKey(
        Person, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    removed_on = models.DateField(_("removed on"), null=True, editable=False)
    checked_by = models.ForeignKey(
        Person, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    closed_on = models.DateField(pgettext_lazy("hazard", "closed on"), null=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    if TYPE_CHECKING:
        branch_id: int
        found_by_id: int
        removed_by_id: int | None

    class Meta:
        verbose_name = _("hazard")
        verbose_name_plural = pgettext_lazy("hazard", "hazards")
        ordering = ["-found_on", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["branch", "state", "due_on"], name="branches_hazard_open"),
            models.Index(fields=["found_by", "found_on"], name="branches_hazard_finder"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("found_on")), name="branches_hazard_due_after_found"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(removed_by__isnull=False, checked_by__isnull=False, closed_on__isnull=False),
                name="branches_hazard_closed_whole",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("removed_by")),
                name="branches_hazard_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def is_overdue(self, day: datetime.date | None = None) -> bool:
        """Whether it should be removed and is not."""
        return self.state == HazardState.OPEN and self.due_on < (day or timezone.localdate())


class HazardStep(models.Model):
    """What happened with a hazard: a step, its words, who and when."""

    hazard = models.ForeignKey(Hazard, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=10)
    words = models.CharField(_("words"), max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("step of a hazard")
        verbose_name_plural = _("steps of hazards")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.hazard_id} {self.step}"


class MeritKind(models.TextChoices):
    """Which side of the ledger."""

    REWARD = "reward", pgettext_lazy("safety ledger", "Reward")
    PENALTY = "penalty", pgettext_lazy("safety ledger", "Penalty")


class SafetyMerit(models.Model):
    """One line of the ledger of rewards and penalties; never changed, only taken back by another.

    Attributes:
        person: None for a line that concerns the branch as a whole.
        points: of the branch's own score card, at least 0; `kind` says whether they are added.
        amount: yuan, at least 0.
        takes_back: the line that this one cancels, with the same kind and numbers.
    """

    branch = models.ForeignKey(
        Unit, verbose_name=_("Party branch"), on_delete=models.PROTECT, related_name="merits"
    )
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="safety_merits",
    )
    kind = models.CharField(
        pgettext_lazy("safety ledger", "kind"), max_length=10, choices=MeritKind.choices
    )
    day = models.DateField(_("date"))
    points = models.DecimalField(
        pgettext_lazy("safety ledger", "points"),
        max_digits=6,
        decimal_places=1,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(1000)],
    )
    amount = models.DecimalField(
        _("amount in yuan"),
        max_digits=9,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    reason = models.CharField(_("reason"), max_length=200)
    document = models.CharField(pgettext_lazy("document", "decision"), max_length=60, blank=True)
    hazard = models.ForeignKey(
        Hazard,
        verbose_name=_("hazard"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merits",
    )
    takes_back = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="taken_back_by"
    )
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    if TYPE_CHECKING:
        branch_id: int
        person_id: int | None
        takes_back_id: int | None

    class Meta:
        verbose_name = _("line of the safety ledger")
        verbose_name_plural = _("lines of the safety ledger")
        ordering = ["-day", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["branch", "-day"], name="branches_merit_of_branch"),
            models.Index(fields=["person", "-day"], name="branches_merit_of_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(points__gte=0) & Q(amount__gte=0), name="branches_merit_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(points__gt=0) | Q(amount__gt=0), name="branches_merit_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"SafetyMerit {self.pk}"

    @property
    def sign(self) -> int:
        """1 where it adds to what the person or branch has earned, -1 where it takes away."""
        added = 1 if self.kind == MeritKind.REWARD else -1
        return -added if self.takes_back_id else added


register_append_only(
    AppendOnlyTable(
        "branches_safetymerit", ("id", "takes_back_id"), "The safety ledger is append-only."
    )
)
