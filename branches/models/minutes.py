"""What was said, decided and voted on at an activity, and what was added to a locked record."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models.activities import Activity, ActivityState
from portal.people.models import Person, User


class Speech(models.Model):
    """What one person said, in points."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="speeches")
    person = models.ForeignKey(
        Person, verbose_name=_("speaker"), on_delete=models.PROTECT, related_name="+"
    )
    points = models.TextField(_("points"))

    class Meta:
        verbose_name = _("points of a speaker")
        verbose_name_plural = _("points of speakers")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Speech {self.pk}"


class Resolution(models.Model):
    """Something to do after an activity: a resolution, or a measure against a found problem.

    Attributes:
        problem: what was found, for measures of organizational life meetings (整改台账).
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="resolutions")
    problem = models.CharField(_("problem found"), max_length=300, blank=True)
    text = models.CharField(_("what is to be done"), max_length=500)
    responsible = models.ForeignKey(
        Person,
        verbose_name=_("responsible person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="resolutions",
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_note = models.CharField(_("what was done"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Resolution {self.pk}"


class VoteSubject(models.TextChoices):
    """What is voted on decides by which rules."""

    MEETING = "meeting", _("Vote of a meeting")
    ELECTION = "election", pgettext_lazy("vote", "Election")


class VoteMethod(models.TextChoices):
    """How votes are given."""

    HANDS = "hands", _("Show of hands")
    BALLOT = "ballot", _("Secret ballot")
    OPEN_BALLOT = "open-ballot", _("Signed ballot")
    SPOKEN = "spoken", _("By word of mouth")


class Vote(models.Model):
    """One vote with its numbers, which the rules explain.

    Attributes:
        should: how many had the right to vote and were expected.
        present: how many of them were there.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="votes")
    matter = models.CharField(_("matter"), max_length=300)
    subject = models.CharField(
        _("kind of vote"),
        max_length=10,
        choices=VoteSubject.choices,
        default=VoteSubject.MEETING,
    )
    method = models.CharField(
        pgettext_lazy("vote", "method"),
        max_length=12,
        choices=VoteMethod.choices,
        default=VoteMethod.HANDS,
    )
    should = models.PositiveSmallIntegerField(_("should vote"), validators=[MinValueValidator(1)])
    present = models.PositiveSmallIntegerField(_("present with a vote"))
    yes = models.PositiveSmallIntegerField(pgettext_lazy("vote", "in favour"), default=0)
    no = models.PositiveSmallIntegerField(pgettext_lazy("vote", "against"), default=0)
    abstain = models.PositiveSmallIntegerField(pgettext_lazy("vote", "abstained"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("activity", "vote")
        verbose_name_plural = pgettext_lazy("activity", "votes")
        ordering = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(should__gte=F("present")), name="branches_vote_within_roster"
            ),
            models.CheckConstraint(
                condition=Q(present__gte=F("yes") + F("no") + F("abstain")),
                name="branches_vote_within_present",
            ),
        ]

    def __str__(self) -> str:
        return self.matter


class VoteStep(models.TextChoices):
    """What a rule decides: whether a vote is opened, or whether it carries."""

    OPEN = "open", _("Opening a vote")
    PASS = "pass", _("Carrying a vote")


class VoteBase(models.TextChoices):
    """Of whom a part is asked."""

    SHOULD = "should", _("of those who should vote")
    PRESENT = "present", _("of those present")


class VoteRule(models.Model):
    """One rule of votes: so many of so many, with its clause.

    The count has to reach `numerator` / `denominator` of the base (以上含本数), or to exceed it
    where `strictly` is set (超过不含本数). Source: Civil Code, article 1259, by analogy.
    """

    subject = models.CharField(_("kind of vote"), max_length=10, choices=VoteSubject.choices)
    step = models.CharField(_("step"), max_length=10, choices=VoteStep.choices)
    numerator = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    denominator = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    strictly = models.BooleanField(_("more than, not just as many"), default=False)
    base = models.CharField(
        _("base"), max_length=10, choices=VoteBase.choices, default=VoteBase.SHOULD
    )
    clause = models.CharField(_("clause"), max_length=200)
    is_unverified = models.BooleanField(_("not confirmed yet"), default=False)

    class Meta:
        verbose_name = _("rule of votes")
        verbose_name_plural = _("rules of votes")
        ordering = ["subject", "step"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "step"], name="branches_vote_rule_once"),
            models.CheckConstraint(
                condition=Q(numerator__lte=F("denominator")), name="branches_vote_rule_is_part"
            ),
        ]

    def __str__(self) -> str:
        return self.clause


class Supplement(models.Model):
    """Words added to a locked record, with the reason (补充说明). It is never changed."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="supplements")
    text = models.TextField(_("supplement"))
    reason = models.CharField(_("reason"), max_length=200)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("supplement")
        verbose_name_plural = _("supplements")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Supplement {self.pk}"


class ActivityEvent(models.Model):
    """One step of a record: from which state to which, by whom, when, why."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="events")
    step = models.CharField(max_length=20)
    before = models.CharField(max_length=12, choices=ActivityState.choices, blank=True)
    after = models.CharField(max_length=12, choices=ActivityState.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    if TYPE_CHECKING:
        activity_id: int

    class Meta:
        verbose_name = _("step of an activity")
        verbose_name_plural = _("steps of an activity")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.step} {self.pk}"
