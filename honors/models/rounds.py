"""A round (评选): one title, one year, from the notice to the decision. Its case drives it.

Source: chapter 3.2 of the domain facts.
"""

from __future__ import annotations

import datetime
import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honors.models.documents import HonorDecisionPage, HonorRoundPage
from honors.models.titles import Title
from portal.cases.models import Case
from portal.organizations.models import Unit
from portal.people.models import Person
from portal.personal_data.fields import EncryptedTextField
from portal.public_notices.models import Objection


class RoundQuerySet(models.QuerySet["Round"]):
    """Sets of rounds."""

    def nominating(self, day: datetime.date) -> RoundQuerySet:
        """Those that take nominations on a day."""
        return self.filter(case__state="nominating", closes_on__gte=day)

    def published(self) -> RoundQuerySet:
        """Those whose notice was published."""
        return self.filter(page__isnull=False)


class Round(models.Model):
    """One round of a title. Where it stands is the state of its case.

    Attributes:
        terms: what the round is judged by, copied from the title when it is prepared; see
            `honors.rounds.terms.Terms`.
        seats: how many awards there are at most.
        meeting, meeting_on: the meeting of the Party committee that approved the list.
        ballots: how many ballot papers were handed out; None before the ballot.
        tellers: who counted.
        decision_number, decision_title, decided_on: of the document that confers the title.
    """

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="honor_round"
    )
    title = models.ForeignKey(
        Title, verbose_name=pgettext_lazy("honor", "title"), on_delete=models.PROTECT
    )
    year = models.PositiveSmallIntegerField(
        _("year of the honor"),
        validators=[MinValueValidator(1949), MaxValueValidator(2100)],
    )
    requirements = models.TextField(_("requirements and materials"), max_length=2000)
    closes_on = models.DateField(_("last day of nominations"))
    phone = models.CharField(pgettext_lazy("office", "phone"), max_length=40)
    address = models.CharField(_("address for letters and visits"), max_length=100, blank=True)
    seats = models.PositiveSmallIntegerField(
        _("awards at most"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    terms = models.JSONField(default=dict)
    page = models.OneToOneField(
        HonorRoundPage, null=True, on_delete=models.PROTECT, related_name="round"
    )
    ballot_on = models.DateField(_("day of the ballot"), null=True)
    ballots = models.PositiveSmallIntegerField(_("ballot papers handed out"), null=True)
    tellers = models.CharField(_("tellers"), max_length=100, blank=True)
    meeting = models.CharField(_("meeting"), max_length=100, blank=True)
    meeting_on = models.DateField(_("day of the meeting"), null=True)
    decision_number = models.CharField(_("document number"), max_length=60, blank=True)
    decision_title = models.CharField(_("title of the decision"), max_length=100, blank=True)
    decided_on = models.DateField(_("decided on"), null=True)
    decision_page = models.OneToOneField(
        HonorDecisionPage, null=True, on_delete=models.PROTECT, related_name="round"
    )

    if TYPE_CHECKING:
        case_id: Any
        title_id: int

    objects: ClassVar[RoundQuerySet] = RoundQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("honors round")
        verbose_name_plural = _("honors rounds")

    def __str__(self) -> str:
        return self.case.item

    def quota_of(self, unit: Unit) -> int:
        """Return how many nominations a unit may hand in."""
        row = self.quotas.filter(unit=unit).first()
        return int(self.terms["quota"]) if row is None else row.quota


class RoundQuota(models.Model):
    """How many one unit may nominate in a round, where it differs from the others."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="quotas")
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    quota = models.PositiveSmallIntegerField(
        _("nominations of the unit"), validators=[MaxValueValidator(500)]
    )

    class Meta:
        verbose_name = _("quota of a round")
        verbose_name_plural = _("quotas of rounds")
        ordering = ["round", "unit__path"]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="honors_round_quota_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.quota}"


class RoundPart(models.TextChoices):
    """As what somebody takes part in a round."""

    JUDGE = "judge", _("Judge")
    DISCIPLINE = "discipline", _("Discipline inspection")
    SAFETY = "safety", pgettext_lazy("honor", "Safety department")
    PERSONNEL = "personnel", _("Personnel department")
    UNION = "union", pgettext_lazy("honor", "Union")


CONSULTED = tuple(part for part in RoundPart if part is not RoundPart.JUDGE)


class RoundMember(models.Model):
    """Somebody who judges, or who speaks for a department that is asked (征求意见)."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(_("part in the round"), max_length=12, choices=RoundPart.choices)

    if TYPE_CHECKING:
        person_id: int

    class Meta:
        verbose_name = _("member of a round")
        verbose_name_plural = _("members of rounds")
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "person", "part"], name="honors_round_member_once"
            ),
            models.UniqueConstraint(
                fields=["round", "part"],
                condition=~Q(part="judge"),
                name="honors_one_speaks_for_a_department",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.person_id}"


def subject_key(person_id: int | None, unit_id: int, name: str) -> str:
    """Return what makes two nominations of a round the same one."""
    if person_id is not None:
        return f"person:{person_id}"
    plain = "".join(unicodedata.normalize("NFKC", name).split()).casefold()
    return f"{unit_id}:{plain}"[:140]


class Investigation(models.Model):
    """What was found out about an objection to the list (异议核查).

    Attributes:
        affects: whether the nomination falls because of it.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="investigations")
    objection = models.OneToOneField(
        Objection, on_delete=models.PROTECT, related_name="honor_investigation"
    )
    nomination = models.ForeignKey(
        "honors.Nomination",
        verbose_name=_("nomination"),
        null=True,
        on_delete=models.PROTECT,
        related_name="investigations",
    )
    investigators = models.CharField(_("who looked into it"), max_length=100)
    findings = EncryptedTextField(_("findings and evidence"))
    affects = models.BooleanField(_("the nomination falls"), default=False)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    concluded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("investigation of an objection")
        verbose_name_plural = _("investigations of objections")
        ordering = ["concluded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(affects=False) | Q(nomination__isnull=False),
                name="honors_investigation_names_who_falls",
            )
        ]

    def __str__(self) -> str:
        return f"{self.objection_id}"
