"""What is made open: public replies, the yearly bulletin, open management (厂务公开)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page

from portal.organizations.models import Unit
from portal.pages.formats import chinese_date
from portal.pages.models import Audience, PortalPage
from portal.people.models import Person
from portal.personal_data.fields import EncryptedTextField
from union.models.opinions import OpinionCategory

LONGEST_QUESTION = 1_000


class PublicReplyPage(PortalPage):
    """A question and its answer for everybody, without anything that leads back to the opinion.

    The office writes it after the sender agreed; another person reviews it, as any page.

    Attributes:
        improvement: what changed because somebody spoke (您说了，我们改了); empty when nothing had
            to.
    """

    kind = "public-reply"
    section = "union"
    default_audience = Audience.EMPLOYEES
    # Written by the service alone, which asks for the consent.
    is_creatable = False
    parent_page_types: ClassVar[list[str]] = ["union.UnionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "union/openness/public_reply_page.html"

    category = models.ForeignKey(
        OpinionCategory, verbose_name=_("category"), on_delete=models.PROTECT, related_name="+"
    )
    improvement = models.CharField(
        _("what changed"),
        max_length=100,
        blank=True,
        help_text=_("One sentence for the home page, for example: the bus waits ten minutes more."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("category"),
        FieldPanel("improvement"),
        *PortalPage.content_panels[1:],
    ]

    class Meta:
        verbose_name = _("public reply")
        verbose_name_plural = _("public replies")

    def facts(self) -> list[tuple[Any, Any]]:
        """Category and what changed."""
        facts = [(_("Category"), self.category), (_("What changed"), self.improvement)]
        return [(label, value) for label, value in facts if value]


class OpinionBulletinPage(PortalPage):
    """What became of the opinions of a year, in numbers that are frozen with the page.

    Attributes:
        figures: the numbers as they were counted, small cells hidden for good.
    """

    kind = "opinion-bulletin"
    section = "union"
    default_audience = Audience.EMPLOYEES
    is_creatable = False
    parent_page_types: ClassVar[list[str]] = ["union.UnionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "union/openness/bulletin_page.html"

    year = models.PositiveSmallIntegerField(_("year"))
    figures = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("bulletin of opinions")
        verbose_name_plural = _("bulletins of opinions")

    def facts(self) -> list[tuple[Any, Any]]:
        """The year."""
        return [(_("Year"), str(self.year))]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the charts of the frozen numbers."""
        from union.openness.bulletin import charts_of

        context = super().get_context(request, *args, **kwargs)
        context["charts"] = charts_of(self.figures)
        return context


class DisclosureCategory(models.Model):
    """What has to be open, with the rule that says so (公开事项)."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(pgettext_lazy("category", "name"), max_length=60)
    basis = models.CharField(_("basis"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("category of disclosure")
        verbose_name_plural = _("categories of disclosure")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class DisclosureForm(models.TextChoices):
    """In which form something is disclosed.

    Source: domain facts 4.4: congress, meeting, board, intranet.
    """

    CONGRESS = "congress", pgettext_lazy("disclosure", "Workers' congress")
    MEETING = "meeting", pgettext_lazy("disclosure", "Meeting on enterprise affairs")
    BOARD = "board", pgettext_lazy("disclosure", "Notice board")
    INTRANET = "intranet", pgettext_lazy("disclosure", "Intranet")


class OpenManagementPage(PortalPage):
    """One disclosed matter of the management: what, on which basis, by whom, until when.

    Attributes:
        checked_by: who of the responsible unit stands for the content.
        disclosed_until: the last day on which questions are taken.
    """

    kind = "open-management"
    section = "union"
    default_audience = Audience.EMPLOYEES
    parent_page_types: ClassVar[list[str]] = ["union.UnionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "union/openness/open_management_page.html"

    category = models.ForeignKey(
        DisclosureCategory, verbose_name=_("category"), on_delete=models.PROTECT, related_name="+"
    )
    form = models.CharField(
        _("form of disclosure"),
        max_length=10,
        choices=DisclosureForm.choices,
        default=DisclosureForm.INTRANET,
    )
    disclosed_on = models.DateField(_("disclosed on"))
    disclosed_until = models.DateField(_("questions until"), null=True, blank=True)
    checked_by = models.CharField(_("checked by"), max_length=50)

    content_panels = [
        *Page.content_panels,
        FieldPanel("category"),
        FieldPanel("form"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("disclosed_on"), FieldPanel("disclosed_until")])],
            heading=_("Days"),
        ),
        FieldPanel("checked_by"),
        *PortalPage.content_panels[1:],
    ]

    class Meta:
        verbose_name = _("disclosed matter")
        verbose_name_plural = _("disclosed matters")

    def clean(self) -> None:
        """Ask for the responsible unit and days in order."""
        super().clean()
        if self.unit_id is None:
            raise ValidationError(
                {"unit": _("Please choose the responsible unit; it answers the questions.")}
            )
        if self.disclosed_until and self.disclosed_until < self.disclosed_on:
            raise ValidationError(
                {"disclosed_until": _("The questions end before the disclosure. Please correct.")}
            )

    def business_date(self) -> datetime.date:
        """The day of disclosure."""
        return self.disclosed_on

    def expires_on(self) -> datetime.date | None:
        """The last day on which questions are taken."""
        return self.disclosed_until

    def facts(self) -> list[tuple[Any, Any]]:
        """Category, basis, form, responsible unit, days, who checked it."""
        facts = [
            (_("Category"), self.category),
            (_("Basis"), self.category.basis),
            (_("Form of disclosure"), self.get_form_display()),
            (pgettext_lazy("disclosure", "Responsible unit"), self.unit),
            (_("Disclosed on"), chinese_date(self.disclosed_on)),
            (_("Questions until"), chinese_date(self.disclosed_until)),
            (_("Checked by"), self.checked_by),
        ]
        return [(label, value) for label, value in facts if value]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the questions the reader may see, and what the reader may do."""
        from union.openness.questions import page_context

        return {**super().get_context(request, *args, **kwargs), **page_context(self, request)}


class DisclosureQuestion(models.Model):
    """A question of an employee on a disclosed matter, answered within a limit.

    The responsible unit or the union drafts the answer, another person releases it.

    Attributes:
        due_on: the last day of the limit in force on the day of the question.
        answer: read by everybody who reads the page, once it is released.
    """

    page = models.ForeignKey(OpenManagementPage, on_delete=models.PROTECT, related_name="questions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(pgettext_lazy("disclosure", "question"))
    asked_on = models.DateField(_("asked on"))
    due_on = models.DateField(_("due on"))
    answer = models.TextField(_("answer"), blank=True, max_length=2_000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_on = models.DateField(_("answered on"), null=True)

    if TYPE_CHECKING:
        person_id: int
        answered_by_id: int | None

    class Meta:
        verbose_name = _("question on a disclosed matter")
        verbose_name_plural = _("questions on disclosed matters")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(released_on__isnull=True),
                name="union_open_question",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_on__isnull=True, released_by__isnull=True)
                | (
                    Q(released_on__isnull=False, released_by__isnull=False)
                    & ~Q(released_by=F("answered_by"))
                    & ~Q(answer="")
                ),
                name="union_question_released_by_another",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.pk}"


class OpinionFigure(models.Model):
    """What was counted of opinions by quarter, category and unit; the source of all statistics.

    Attributes:
        quarter: 1 to 4.
        unit: that handled it; None for what the union answered itself or nobody handled yet.
        days: how many working days a reply took, with how many opinions took as long.
    """

    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    category = models.ForeignKey(OpinionCategory, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+")
    received = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    ratings = models.PositiveIntegerField(default=0)
    satisfied = models.PositiveIntegerField(default=0)
    days = models.JSONField(default=dict)
    counted_on = models.DateField()

    class Meta:
        verbose_name = _("figure of opinions")
        verbose_name_plural = _("figures of opinions")
        indexes = [models.Index(fields=["year", "quarter"], name="union_opinion_figures")]

    def __str__(self) -> str:
        return f"{self.year} {self.quarter} {self.category_id} {self.unit_id}"
