"""Nominations of a round: who is nominated by whom, what is said, how it was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honors.models.awards import Award
from honors.models.rounds import Round, RoundMember, RoundPart
from portal.append_only import AppendOnlyTable, register_append_only
from portal.organizations.models import Unit
from portal.people.models import Person
from portal.personal_data.fields import EncryptedTextField

LONGEST_DEEDS = 3_000


class NominationKind(models.TextChoices):
    """Who nominates."""

    SELF = "self", pgettext_lazy("nomination", "Oneself")
    OTHER = "other", pgettext_lazy("nomination", "A colleague")
    BRANCH = "branch", pgettext_lazy("nomination", "The branch")


class NominationState(models.TextChoices):
    """Where a nomination stands within its round."""

    DRAFT = "draft", pgettext_lazy("nomination", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("nomination", "Waits for the branch")
    DECLINED = "declined", pgettext_lazy("nomination", "Not recommended by the branch")
    RECOMMENDED = "recommended", pgettext_lazy("nomination", "Recommended, being examined")
    RETURNED = "returned", pgettext_lazy("nomination", "Returned for correction")
    ELIGIBLE = "eligible", pgettext_lazy("nomination", "Eligible")
    INELIGIBLE = "ineligible", pgettext_lazy("nomination", "Not eligible")
    PROPOSED = "proposed", pgettext_lazy("nomination", "Proposed for the award")
    NOT_CHOSEN = "not-chosen", pgettext_lazy("nomination", "Not chosen this time")
    EXCLUDED = "excluded", pgettext_lazy("nomination", "Taken off the list")
    AWARDED = "awarded", pgettext_lazy("nomination", "Awarded")
    WITHDRAWN = "withdrawn", pgettext_lazy("nomination", "Withdrawn")


#: What takes a seat of the unit's quota.
COUNTED_STATES = (
    NominationState.RECOMMENDED,
    NominationState.RETURNED,
    NominationState.ELIGIBLE,
    NominationState.INELIGIBLE,
    NominationState.PROPOSED,
    NominationState.NOT_CHOSEN,
    NominationState.EXCLUDED,
    NominationState.AWARDED,
)
#: What keeps the same subject from being nominated a second time.
STANDING_STATES = (NominationState.DRAFT, NominationState.SUBMITTED, *COUNTED_STATES)
#: What goes before the judges.
JUDGED_STATES = (
    NominationState.ELIGIBLE,
    NominationState.PROPOSED,
    NominationState.NOT_CHOSEN,
    NominationState.EXCLUDED,
    NominationState.AWARDED,
)


TONES = {
    NominationState.DRAFT: "amber",
    NominationState.RETURNED: "red",
    NominationState.PROPOSED: "green",
    NominationState.AWARDED: "green",
    NominationState.DECLINED: "",
    NominationState.INELIGIBLE: "",
    NominationState.NOT_CHOSEN: "",
    NominationState.EXCLUDED: "",
    NominationState.WITHDRAWN: "",
}


class NominationQuerySet(models.QuerySet["Nomination"]):
    """Sets of nominations."""

    def handed_in(self) -> NominationQuerySet:
        """All but drafts."""
        return self.exclude(state=NominationState.DRAFT)

    def eligible(self) -> NominationQuerySet:
        """Those that went before the judges."""
        return self.filter(state__in=JUDGED_STATES)

    def standing(self) -> NominationQuerySet:
        """Those that were neither withdrawn nor turned down by the branch."""
        return self.filter(state__in=STANDING_STATES)

    def chosen(self) -> NominationQuerySet:
        """Those on the list of the proposed."""
        return self.filter(state__in=(NominationState.PROPOSED, NominationState.AWARDED))


class Nomination(models.Model):
    """Somebody, a post, a team or a branch that is nominated in a round.

    Attributes:
        person: who is nominated; of a post, team or branch who answers for it, if named.
        subject_key: what makes two nominations of a round the same one.
        unit: whose quota it takes: the unit of the person, post or team.
        branch: the Party branch that assesses it; None where the unit has none.
        brief: the deeds in one line, for the public notice.
        examined: what the office looked at, as `{"criteria": [...], "vetoes": [...]}` of whether
            each line of the terms is met or raised.
        score_mean, score_least, score_most, score_spread: of the judges' totals, frozen when
            judging ends; the spread is the standard deviation.
        ballot_yes, ballot_no, ballot_abstained: papers of the ballot.
        award: what it led to.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="nominations")
    kind = models.CharField(_("nominated by"), max_length=10, choices=NominationKind.choices)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=NominationState.choices,
        default=NominationState.DRAFT,
    )
    subject_name = models.CharField(_("who is nominated"), max_length=60)
    subject_key = models.CharField(max_length=140, editable=False)
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="honor_nominations",
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    branch = models.ForeignKey(
        Unit,
        verbose_name=_("Party branch"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    position = models.CharField(_("position or team"), max_length=60, blank=True)
    front_line = models.BooleanField(_("front line"), default=False)
    posthumous = models.BooleanField(_("posthumous"), default=False)
    brief = models.CharField(_("deeds in one line"), max_length=100)
    deeds = models.TextField(_("deeds"), max_length=LONGEST_DEEDS)
    accident_free_days = models.PositiveIntegerField(
        _("days without accident"), null=True, blank=True, validators=[MaxValueValidator(40_000)]
    )
    hazards_found = models.PositiveIntegerField(
        _("hazards found"), null=True, blank=True, validators=[MaxValueValidator(100_000)]
    )
    innovation_before = models.CharField(_("before"), max_length=300, blank=True)
    innovation_after = models.CharField(_("after"), max_length=300, blank=True)
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="honor_nominations"
    )
    nominated_at = models.DateTimeField(default=timezone.now)
    branch_opinion = models.CharField(_("opinion of the branch"), max_length=500, blank=True)
    assembly_on = models.DateField(_("day of the branch assembly"), null=True, blank=True)
    attended = models.PositiveSmallIntegerField(_("present"), null=True, blank=True)
    agreed = models.PositiveSmallIntegerField(_("in favour"), null=True, blank=True)
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recommended_at = models.DateTimeField(null=True)
    examined = models.JSONField(default=dict)
    examined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    examined_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    score_mean = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    score_least = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    score_most = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    score_spread = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    ballot_yes = models.PositiveSmallIntegerField(_("yes"), null=True)
    ballot_no = models.PositiveSmallIntegerField(_("no"), null=True)
    ballot_abstained = models.PositiveSmallIntegerField(_("abstained"), null=True)
    award = models.OneToOneField(
        Award, null=True, on_delete=models.PROTECT, related_name="nomination"
    )

    if TYPE_CHECKING:
        round_id: Any
        person_id: int | None
        unit_id: int
        branch_id: int | None
        nominated_by_id: int

    objects: ClassVar[NominationQuerySet] = NominationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["unit__path", "pk"]
        indexes = [
            models.Index(fields=["round", "state"], name="honors_nomination_state"),
            models.Index(fields=["branch", "state"], name="honors_nomination_branch"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "subject_key"],
                condition=Q(state__in=STANDING_STATES),
                name="honors_nominated_once",
            ),
            models.CheckConstraint(
                condition=Q(attended__isnull=True) | Q(agreed__lte=F("attended")),
                name="honors_nomination_agreed_of_present",
            ),
            models.CheckConstraint(
                condition=~Q(state="awarded") | Q(award__isnull=False),
                name="honors_nomination_awarded_has_award",
            ),
            models.CheckConstraint(
                condition=Q(score_mean__isnull=True) | Q(score_mean__gte=0, score_mean__lte=100),
                name="honors_nomination_score_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_draft(self) -> bool:
        """Whether it was not handed in yet."""
        return self.state == NominationState.DRAFT

    @property
    def tone(self) -> str:
        """The colour of the tag of its state."""
        return TONES.get(NominationState(self.state), "blue")


class NominationStep(models.Model):
    """One thing that happened to a nomination; written once, never changed.

    Attributes:
        words: the reason, read by whoever nominated.
    """

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12, choices=NominationState.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("step of a nomination")
        verbose_name_plural = _("steps of nominations")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.nomination_id} {self.state}"


STEPS = register_append_only(
    AppendOnlyTable("honors_nominationstep", ("id",), "Steps of nominations are append-only.")
)


class Verdict(models.TextChoices):
    """What a department says of a nominee."""

    AGREED = "agreed", pgettext_lazy("nomination", "No objection")
    RESERVED = "reserved", pgettext_lazy("nomination", "With reservations")
    AGAINST = "against", pgettext_lazy("nomination", "Against")


class DepartmentOpinion(models.Model):
    """What one department says of one nominee; the words speak of a person and are encrypted."""

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="opinions")
    part = models.CharField(max_length=12, choices=RoundPart.choices)
    verdict = models.CharField(_("opinion"), max_length=10, choices=Verdict.choices)
    words = EncryptedTextField(_("words"), blank=True, default="")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("opinion of a department")
        verbose_name_plural = _("opinions of departments")
        ordering = ["nomination", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "part"], name="honors_opinion_once_a_department"
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.pk}"


class ScoreSheet(models.Model):
    """What one judge gives one nominee: points for each line of the score card.

    Attributes:
        points: in the order of the lines of the round's terms, as decimal text.
        total: their sum, 0 to 100.
    """

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="sheets")
    judge = models.ForeignKey(RoundMember, on_delete=models.PROTECT, related_name="sheets")
    points = models.JSONField()
    total = models.DecimalField(max_digits=5, decimal_places=2)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        ordering = ["nomination", "judge"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "judge"], name="honors_one_sheet_a_judge"
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, total__lte=100), name="honors_sheet_total_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class JudgeRecusal(models.Model):
    """A judge who does not score a nominee (回避): a relative, or for a reason in words.

    Attributes:
        found: the portal knew of the kinship; False where the judge said so.
    """

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="recusals")
    judge = models.ForeignKey(RoundMember, on_delete=models.PROTECT, related_name="recusals")
    found = models.BooleanField(default=False)
    words = EncryptedTextField(_("reason"), blank=True, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("recusal of a judge")
        verbose_name_plural = _("recusals of judges")
        ordering = ["nomination", "judge"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "judge"], name="honors_recused_once_a_judge"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
