"""Safety work of branches: responsibility areas with their assessments, and pledges.

The portal is not the safety system of record; it shows what members of the Party do for it.
Source: section 2.6 of the domain facts; 《煤矿安全生产条例》第三条、第二十三条.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Unit
from portal.people.models import Person, User


class AreaKind(models.TextChoices):
    """What kind of place an area is."""

    FACE = "face", _("Mining or heading face")
    TRANSPORT = "transport", _("Machines and transport")
    VENTILATION = "ventilation", pgettext_lazy("safety area", "Ventilation")
    PREPARATION = "preparation", _("Coal preparation")
    SUBSTATION = "substation", pgettext_lazy("safety area", "Substation")
    OTHER = "other", pgettext_lazy("safety area", "Other place")


class ResponsibilityArea(models.Model):
    """A place for whose safety members of a branch answer (党员安全责任区)."""

    branch = models.ForeignKey(
        Unit, verbose_name=_("Party branch"), on_delete=models.PROTECT, related_name="safety_areas"
    )
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(
        pgettext_lazy("safety area", "kind"), max_length=20, choices=AreaKind.choices
    )
    duties = models.TextField(_("what is answered for"), blank=True, max_length=2000)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    if TYPE_CHECKING:
        branch_id: int

    class Meta:
        verbose_name = _("responsibility area")
        verbose_name_plural = _("responsibility areas")
        ordering = ["branch__path", "name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["branch", "name"],
                condition=Q(valid_to__isnull=True),
                name="branches_area_name_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="branches_area_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AreaHolder(models.Model):
    """A member who answers for an area, from when to when."""

    area = models.ForeignKey(ResponsibilityArea, on_delete=models.CASCADE, related_name="holders")
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="safety_areas"
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    if TYPE_CHECKING:
        area_id: int
        person_id: int

    class Meta:
        verbose_name = _("who answers for an area")
        verbose_name_plural = _("who answers for areas")
        ordering = ["valid_from", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area", "person"],
                condition=Q(valid_to__isnull=True),
                name="branches_area_holder_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="branches_area_holder_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"AreaHolder {self.pk}"


class AreaGrade(models.TextChoices):
    """How an area did in a month."""

    GOOD = "good", pgettext_lazy("safety area", "Good")
    FAIR = "fair", pgettext_lazy("safety area", "Fair")
    POOR = "poor", pgettext_lazy("safety area", "Poor")


class AreaMonth(models.Model):
    """The assessment of an area for a month (月考核)."""

    area = models.ForeignKey(ResponsibilityArea, on_delete=models.CASCADE, related_name="months")
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(
        pgettext_lazy("branch life", "month"),
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    grade = models.CharField(
        pgettext_lazy("safety area", "grade"), max_length=10, choices=AreaGrade.choices
    )
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("assessment of an area")
        verbose_name_plural = _("assessments of areas")
        ordering = ["-year", "-month"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area", "year", "month"], name="branches_area_month_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"


class PledgeLevel(models.TextChoices):
    """Between whom a pledge is made."""

    UNIT = "unit", _("Mine and section")
    TEAM = "team", _("Section and team")
    PERSON = "person", _("Team and person")


class PledgeResult(models.TextChoices):
    """What the assessment at the end of the year says."""

    MET = "met", pgettext_lazy("pledge", "Kept")
    PARTLY = "partly", pgettext_lazy("pledge", "Partly kept")
    MISSED = "missed", pgettext_lazy("pledge", "Not kept")


class SafetyPledge(models.Model):
    """A pledge of safety for a time (安全责任书): what is promised, by whom, signed or not.

    Attributes:
        branch: the Party branch that follows it.
        demanded_by: who takes the pledge (甲方), a name or a post in words.
        person: who makes it (乙方).
        targets: what is promised, one target a line.
        signed_digest: SHA-256 of the words that were signed; they change no more then.
        on_paper: signed by hand; the scan is among its files.
    """

    branch = models.ForeignKey(
        Unit, verbose_name=_("Party branch"), on_delete=models.PROTECT, related_name="pledges"
    )
    level = models.CharField(_("level"), max_length=10, choices=PledgeLevel.choices)
    title = models.CharField(_("title"), max_length=100)
    demanded_by = models.CharField(_("made to"), max_length=100)
    person = models.ForeignKey(
        Person, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="pledges"
    )
    targets = models.TextField(_("targets"), max_length=4000)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    signed_digest = models.CharField(max_length=64, blank=True, editable=False)
    on_paper = models.BooleanField(_("signed on paper"), default=False, editable=False)
    result = models.CharField(
        pgettext_lazy("pledge", "result"), max_length=10, choices=PledgeResult.choices, blank=True
    )
    result_words = models.CharField(_("remark"), max_length=200, blank=True)
    assessed_by = models.ForeignKey(
        User, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    if TYPE_CHECKING:
        branch_id: int
        person_id: int

    class Meta:
        verbose_name = _("safety pledge")
        verbose_name_plural = _("safety pledges")
        ordering = ["-valid_from", "branch__path", "person__name", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["branch", "valid_from"], name="branches_pledge_of_branch"),
            models.Index(fields=["valid_to"], name="branches_pledge_ends"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="branches_pledge_in_order"
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_digest="")
                | (Q(signed_at__isnull=False) & ~Q(signed_digest="")),
                name="branches_pledge_signed_words",
            ),
            models.UniqueConstraint(
                fields=["branch", "person", "level", "valid_from"], name="branches_pledge_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_signed(self) -> bool:
        """Whether it was signed, with the account or by hand."""
        return self.signed_at is not None

    @property
    def target_lines(self) -> list[str]:
        """The targets, in order."""
        return [line.strip() for line in self.targets.splitlines() if line.strip()]

    def is_over(self, day: datetime.date | None = None) -> bool:
        """Whether its time is over on a day."""
        return self.valid_to < (day or timezone.localdate())

    def digest(self) -> str:
        """Return the SHA-256 of the words that are signed, as hexadecimal digits."""
        words = "\n".join(
            (
                self.title,
                self.level,
                self.demanded_by,
                str(self.person_id),
                self.targets,
                self.valid_from.isoformat(),
                self.valid_to.isoformat(),
            )
        )
        return hashlib.sha256(words.encode()).hexdigest()

    def clean(self) -> None:
        """Refuse days in the wrong order."""
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise ValidationError({"valid_to": _("The end lies before the beginning.")})
