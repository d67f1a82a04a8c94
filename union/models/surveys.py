"""Surveys, who is invited, and the urns that hold answers nobody can trace.

Source of the storage: sections 2.4 to 2.6 of the facts on surveys. Neither random keys nor one
transaction nor a rewritten table hides the order of answers; a shuffled row that is written anew
with each answer does, up to the size of the urn, and one shuffled row after the end does wholly.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Unit
from portal.people.models import Person, User
from portal.personal_data.fields import EncryptedTextField
from union.models.survey_design import (
    DEFAULT_COMMENT_MINIMUM,
    DEFAULT_MINIMUM,
    design_field,
    minimum_field,
    unit_field,
)


class SurveyState(models.TextChoices):
    """How far a survey has come."""

    DRAFT = "draft", pgettext_lazy("survey", "Draft")
    OPEN = "open", pgettext_lazy("survey", "Open")
    CLOSED = "closed", pgettext_lazy("survey", "Closed")


class SurveyMode(models.TextChoices):
    """Whether an answer is kept with the name of who gave it."""

    ANONYMOUS = "anonymous", pgettext_lazy("survey", "Anonymous")
    NAMED = "named", pgettext_lazy("survey", "With names")


class SurveyOffice(models.TextChoices):
    """Who runs a survey."""

    UNION = "union", _("Union")
    VETERANS = "veterans", _("Veterans support")


class Segment(models.TextChoices):
    """By what results may be broken down; declared before the launch."""

    UNIT = "unit", _("Unit")
    AGE = "age", _("Age group")
    POST = "post", _("Kind of post")


class SurveyQuerySet(models.QuerySet["Survey"]):
    """Sets of surveys."""

    def open(self) -> SurveyQuerySet:
        """Surveys that take answers."""
        return self.filter(state=SurveyState.OPEN)

    def of_offices(self, offices: list[str]) -> SurveyQuerySet:
        """Surveys that one of these offices runs."""
        return self.filter(office__in=offices)


class Survey(models.Model):
    """A survey: what it asks, of whom, and by which rules results are published.

    From the launch on the snapshot says what was asked; mode, smallest groups and segments no
    longer change (the database refuses it).
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    series = models.SlugField(
        _("series"),
        max_length=40,
        blank=True,
        help_text=_("Surveys of one series are compared over the years."),
    )
    title = models.CharField(_("title"), max_length=100)
    purpose = models.TextField(_("purpose"), max_length=600)
    office = models.CharField(
        _("run by"), max_length=10, choices=SurveyOffice.choices, default=SurveyOffice.UNION
    )
    unit = unit_field()
    mode = models.CharField(
        pgettext_lazy("survey", "mode"),
        max_length=10,
        choices=SurveyMode.choices,
        default=SurveyMode.ANONYMOUS,
    )
    minimum = minimum_field(_("smallest group"), DEFAULT_MINIMUM)
    comment_minimum = minimum_field(_("answers needed to show comments"), DEFAULT_COMMENT_MINIMUM)
    segments = models.JSONField(_("broken down by"), default=list, blank=True)
    crossed = models.BooleanField(
        _("the first two also together"),
        default=False,
        help_text=_("Shows, for example, age groups within units where they are large enough."),
    )
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    design = design_field()
    state = models.CharField(
        pgettext_lazy("survey", "state"),
        max_length=10,
        choices=SurveyState.choices,
        default=SurveyState.DRAFT,
        editable=False,
    )
    snapshot = models.JSONField(_("questionnaire as asked"), default=dict, editable=False)
    snapshot_digest = models.CharField(max_length=64, blank=True, editable=False)
    launched_on = models.DateField(_("launched on"), null=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, editable=False)
    reminders_sent = models.PositiveSmallIntegerField(default=0, editable=False)
    reminded_on = models.DateField(null=True, editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-opens_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")), name="survey_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SurveyState.values), name="survey_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=SurveyState.DRAFT) | ~Q(snapshot_digest=""),
                name="launched_survey_has_a_snapshot",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse days in the wrong order and unknown or repeated segments."""
        super().clean()
        wrong: dict[str, Any] = {}
        if self.opens_on and self.closes_on and self.closes_on < self.opens_on:
            wrong["closes_on"] = _("The last day lies before the first. Please correct one.")
        known = set(Segment.values)
        if set(self.segments) - known or len(set(self.segments)) < len(self.segments):
            wrong["segments"] = _("Choose each kind of group once.")
        if self.crossed and len(self.segments) < 2:
            wrong["crossed"] = _("Choose two kinds of groups first.")
        if wrong:
            raise ValidationError(wrong)

    @property
    def is_draft(self) -> bool:
        """Whether it was not launched yet."""
        return self.state == SurveyState.DRAFT

    @property
    def is_anonymous(self) -> bool:
        """Whether answers are kept without names."""
        return self.mode == SurveyMode.ANONYMOUS

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The sections as asked, each with its questions; empty before the launch."""
        found: list[dict[str, Any]] = self.snapshot.get("sections", [])
        return found

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The questions as asked, in order."""
        return [question for section in self.sections for question in section["questions"]]


class Invitation(models.Model):
    """Who may answer once: a person, or who holds a printed token (一次性答题码).

    Made at the launch, with the segments that were fixed there. It says whether somebody answered,
    never when, and is nobody's list: it serves the once-only lock, reminders and counts.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    token_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    segments = models.JSONField(default=dict)
    is_done = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("survey invitation")
        verbose_name_plural = _("survey invitations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "person"], name="invited_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(token_digest__isnull=True),
                name="invited_by_person_or_token",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["survey", "is_done"])]


class AnswerUrn(models.Model):
    """Shuffled answers of one survey, written anew with each answer.

    Attributes:
        sheets: a JSON list of {"segments": …, "answers": …} in random order.
        words: a JSON object from the code of a question to the list of words, in random order.
        count: how many sheets it holds.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="urns")
    sheets = EncryptedTextField(default="[]")
    words = EncryptedTextField(default="{}")
    count = models.PositiveIntegerField(default=0)
    is_sealed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("answer urn")
        verbose_name_plural = _("answer urns")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["survey"],
                condition=Q(is_sealed=False),
                name="one_open_urn_per_survey",
            )
        ]


class NamedSheet(models.Model):
    """The answers of a survey with names; they may be changed until it closes."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="sheet")
    answers = EncryptedTextField(default="{}")

    class Meta:
        verbose_name = _("answers with a name")
        verbose_name_plural = _("answers with names")


class SurveySheets(models.Model):
    """All sheets of a closed survey in one shuffled row; destroyed by the retention rule."""

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="kept_sheets")
    sheets = EncryptedTextField(default="[]")

    class Meta:
        verbose_name = _("sheets of a closed survey")
        verbose_name_plural = _("sheets of closed surveys")


class SurveyResult(models.Model):
    """The frozen figures of a closed survey: the only source of page, charts, Excel and PDF."""

    survey = models.OneToOneField(Survey, on_delete=models.PROTECT, related_name="result")
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("survey result")
        verbose_name_plural = _("survey results")


class CommentState(models.TextChoices):
    """How far a comment has come on its way to the page."""

    WAITING = "waiting", pgettext_lazy("survey comment", "Waiting")
    REDACTED = "redacted", pgettext_lazy("survey comment", "Names removed")
    APPROVED = "approved", pgettext_lazy("survey comment", "Approved")
    WITHHELD = "withheld", pgettext_lazy("survey comment", "Not shown")


class SurveyComment(models.Model):
    """A comment, detached from its sheet; shown after two people looked at it.

    Its key is set to a random number, so no order is kept: a key that is not the row's own number
    would leave the order of writing in SQLite's hidden one.
    """

    id = models.BigAutoField(primary_key=True)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="comments")
    question = models.CharField(max_length=40)
    words = EncryptedTextField()
    redacted = models.TextField(_("words to be shown"), blank=True)
    state = models.CharField(
        max_length=10, choices=CommentState.choices, default=CommentState.WAITING
    )
    redacted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("survey comment")
        verbose_name_plural = _("survey comments")
        ordering = ["survey", "question", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state=CommentState.APPROVED)
                | (Q(redacted_by__isnull=False) & Q(decided_by__isnull=False)),
                name="two_people_saw_the_comment",
            )
        ]


class ImprovementState(models.TextChoices):
    """How far an improvement has come."""

    PLANNED = "planned", pgettext_lazy("improvement", "Planned")
    RUNNING = "running", pgettext_lazy("improvement", "In hand")
    DONE = "done", pgettext_lazy("improvement", "Done")
    DROPPED = "dropped", pgettext_lazy("improvement", "Not pursued")


class Improvement(models.Model):
    """One line of the improvement list of a survey (整改清单)."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="improvements")
    question = models.CharField(_("question or dimension"), max_length=40, blank=True)
    problem = models.CharField(pgettext_lazy("improvement", "what was found"), max_length=200)
    measure = models.TextField(_("what will be done"), max_length=600)
    unit = models.ForeignKey(
        Unit, verbose_name=_("responsible unit"), on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        Person,
        verbose_name=_("responsible person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    due_on = models.DateField(_("due on"))
    state = models.CharField(
        pgettext_lazy("improvement", "state"),
        max_length=10,
        choices=ImprovementState.choices,
        default=ImprovementState.PLANNED,
    )
    order = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    class Meta:
        verbose_name = _("improvement")
        verbose_name_plural = _("improvements")
        ordering = ["order", "due_on", "pk"]

    def __str__(self) -> str:
        return self.problem

    @property
    def is_late(self) -> bool:
        """Whether the last day is over and it is not finished."""
        finished = {ImprovementState.DONE, ImprovementState.DROPPED}
        return self.state not in finished and self.due_on < timezone.localdate()


class ImprovementProgress(models.Model):
    """What was reported of an improvement, on which day; shown on the result page."""

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="progress")
    day = models.DateField(pgettext_lazy("improvement", "day"))
    state = models.CharField(max_length=10, choices=ImprovementState.choices)
    words = models.CharField(_("what was done"), max_length=300)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("progress of an improvement")
        verbose_name_plural = _("progress of improvements")
        ordering = ["day", "pk"]
