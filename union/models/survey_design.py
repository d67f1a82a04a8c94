"""Satisfaction surveys (满意度调查): the question bank and what a survey asks.

A question keeps its code for ever; another wording is a new version of it, so that trends break
where wording changed. A launched survey holds the wording it asked with in its snapshot.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.snippets.blocks import SnippetChooserBlock

from portal.organizations.models import Unit

# Source: section 2.7 of the facts on surveys: five at least, never below three nor above twenty;
# comments need ten.
DEFAULT_MINIMUM = 5
DEFAULT_COMMENT_MINIMUM = 10
LEAST_MINIMUM = 3
LARGEST_MINIMUM = 20
MOST_CHOICES = 20


class QuestionKind(models.TextChoices):
    """How a question is answered. Each of them may be left to 不便回答."""

    LIKERT = "likert", _("Five levels")
    ZERO_TO_TEN = "zero-to-ten", _("0 to 10")
    SINGLE = "single", _("One of several")
    MULTIPLE = "multiple", _("Several of several")
    MATRIX = "matrix", _("Several lines with five levels")
    TEXT = "text", pgettext_lazy("survey", "Own words")


class Scale(models.TextChoices):
    """The words of the levels; trends join only questions of the same scale."""

    SATISFACTION = "satisfaction-5", _("Very dissatisfied to very satisfied")
    AGREEMENT = "agreement-5", _("Strongly disagree to strongly agree")
    RECOMMENDATION = "recommendation-11", _("0 not at all to 10 certainly")
    CHOICE = "choice", pgettext_lazy("survey", "Choices of its own")
    WORDS = "words", pgettext_lazy("survey", "Own words")


SCALES_OF = {
    QuestionKind.LIKERT: {Scale.SATISFACTION, Scale.AGREEMENT},
    QuestionKind.MATRIX: {Scale.SATISFACTION, Scale.AGREEMENT},
    QuestionKind.ZERO_TO_TEN: {Scale.RECOMMENDATION},
    QuestionKind.SINGLE: {Scale.CHOICE},
    QuestionKind.MULTIPLE: {Scale.CHOICE},
    QuestionKind.TEXT: {Scale.WORDS},
}


class SurveyDimension(models.Model):
    """What questions are grouped by in results: 薪酬福利, 职业发展, 工作条件 …"""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    class Meta:
        verbose_name = _("survey dimension")
        verbose_name_plural = _("survey dimensions")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class SurveyQuestion(models.Model):
    """One version of a question of the bank (题库)."""

    code = models.SlugField(
        _("code"), max_length=40, help_text=_("The same for every version of the question.")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    kind = models.CharField(_("kind"), max_length=20, choices=QuestionKind.choices)
    scale = models.CharField(_("scale"), max_length=20, choices=Scale.choices)
    dimension = models.ForeignKey(
        SurveyDimension,
        verbose_name=_("dimension"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="questions",
    )
    text = models.CharField(pgettext_lazy("survey", "question"), max_length=200)
    explanation = models.CharField(_("explanation"), max_length=200, blank=True)
    choices = models.TextField(
        pgettext_lazy("survey", "choices"),
        blank=True,
        help_text=_("One on each line; for questions with choices of their own."),
    )
    lines = models.TextField(
        pgettext_lazy("survey", "lines"),
        blank=True,
        help_text=_("One on each line; for questions with several lines."),
    )
    is_retired = models.BooleanField(_("no longer used"), default=False)

    class Meta:
        verbose_name = _("survey question")
        verbose_name_plural = _("survey questions")
        ordering = ["dimension__order", "code", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="one_question_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.text}（{self.code} v{self.version}）"

    def clean(self) -> None:
        """Refuse a scale of another kind, and choices or lines that are missing or repeated."""
        super().clean()
        wrong: dict[str, Any] = {}
        kind = QuestionKind(self.kind) if self.kind in QuestionKind.values else None
        if kind is not None and self.scale not in SCALES_OF[kind]:
            wrong["scale"] = _("This scale does not fit the kind of question.")
        if kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}:
            wrong |= _wrong_lines("choices", self.choice_list)
        if kind is QuestionKind.MATRIX:
            wrong |= _wrong_lines("lines", self.line_list)
        if wrong:
            raise ValidationError(wrong)

    @property
    def choice_list(self) -> list[str]:
        """The choices, in order."""
        return [line.strip() for line in self.choices.splitlines() if line.strip()]

    @property
    def line_list(self) -> list[str]:
        """The lines of a matrix, in order."""
        return [line.strip() for line in self.lines.splitlines() if line.strip()]

    @cached_property
    def is_bound(self) -> bool:
        """Whether a launched survey asked it, so that its words stay as they are."""
        from union.models.surveys import Survey, SurveyState

        launched = Survey.objects.exclude(state=SurveyState.DRAFT)
        return any(
            question["code"] == self.code and question["version"] == self.version
            for survey in launched.only("snapshot")
            for question in survey.questions
        )


def _wrong_lines(field: str, words: list[str]) -> dict[str, Any]:
    if not 2 <= len(words) <= MOST_CHOICES:
        return {field: _("Write 2 to %(most)d lines.") % {"most": MOST_CHOICES}}
    if len(set(words)) < len(words):
        return {field: _("Two lines are the same.")}
    return {}


class AskedBlock(blocks.StructBlock):
    """A question in a section, asked of all or after a certain answer to an earlier one."""

    question = SnippetChooserBlock("union.SurveyQuestion", label=_("question from the bank"))
    required = blocks.BooleanBlock(
        required=False,
        default=True,
        label=_("has to be answered"),
        help_text=_("“Prefer not to answer” is always offered and counts as an answer."),
    )
    after = blocks.CharBlock(
        required=False,
        max_length=40,
        label=_("only after the question with this code"),
        help_text=_("Empty: everybody is asked."),
    )
    answers = blocks.CharBlock(
        required=False,
        max_length=100,
        label=_("and one of these answers"),
        help_text=_("Numbers of levels or choices, with commas: 1, 2"),
    )

    class Meta:
        icon = "help"
        label = pgettext_lazy("survey", "Question")


class SectionBlock(blocks.StructBlock):
    """A section: a screen of the questionnaire."""

    title = blocks.CharBlock(max_length=40, label=_("title"))
    introduction = blocks.CharBlock(required=False, max_length=300, label=_("introduction"))
    questions = blocks.ListBlock(AskedBlock(), min_num=1, label=_("questions"))

    class Meta:
        icon = "list-ul"
        label = pgettext_lazy("survey", "Section")


def design_field() -> StreamField:
    """Return the field that holds sections with their questions."""
    return StreamField([("section", SectionBlock())], verbose_name=_("sections"), blank=True)


def minimum_field(label: Any, default: int, least: int = LEAST_MINIMUM) -> Any:
    """Return the field of a smallest group."""
    return models.PositiveSmallIntegerField(
        label,
        default=default,
        validators=[MinValueValidator(least), MaxValueValidator(LARGEST_MINIMUM)],
    )


def unit_field() -> models.ForeignKey[Unit, Unit]:
    """Return the field of the unit that runs a survey."""
    return models.ForeignKey(
        Unit, verbose_name=_("responsible unit"), on_delete=models.PROTECT, related_name="+"
    )
