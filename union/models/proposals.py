"""Proposals of delegates (职代会提案), their seconders, units, ratings, and the report on them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.models import Case, Satisfaction
from portal.organizations.models import Unit
from portal.pages.formats import chinese_date
from portal.pages.models import Audience, PortalPage
from portal.personal_data.fields import EncryptedTextField
from union.models.congress import CongressSession, Delegate

LONGEST_TEXT = 3_000


def _user(**keywords: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **keywords
    )


class ProposalCategory(models.Model):
    """What proposals are about (类别)."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(_("category"), max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("category of proposals")
        verbose_name_plural = _("categories of proposals")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class ReplyResult(models.TextChoices):
    """What a reply comes to (办理结果)."""

    SOLVED = "solved", pgettext_lazy("proposal", "Solved")
    UNDER_WAY = "under-way", pgettext_lazy("proposal", "Being solved")
    PLANNED = "planned", pgettext_lazy("proposal", "In the plan")
    NOT_NOW = "not-now", pgettext_lazy("proposal", "Not possible now")


class TurnedTo(models.TextChoices):
    """What a proposal is treated as when it is none (转为意见建议)."""

    SUGGESTION = "suggestion", pgettext_lazy("proposal", "Suggestion for improvement")
    OPINION = "opinion", pgettext_lazy("proposal", "Opinion")


class Proposal(models.Model):
    """What a delegate proposes to the congress; its short subject (案由) is the case's item.

    Attributes:
        sequence: place in the session (序); None before it was handed in. Never given twice.
        proposer: None once it was withdrawn: the shell stays, without its author.
        reply_checked_on: the day the reply went out to the delegate.
        best: named among the best proposals (优秀提案) of its session.
    """

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="proposal"
    )
    session = models.ForeignKey(CongressSession, on_delete=models.PROTECT, related_name="proposals")
    category = models.ForeignKey(
        ProposalCategory,
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        related_name="proposals",
    )
    sequence = models.PositiveSmallIntegerField(null=True, editable=False)
    proposer = models.ForeignKey(
        Delegate, null=True, on_delete=models.PROTECT, related_name="proposals"
    )
    phone = EncryptedTextField(_("phone"), blank=True, default="")
    reasons = models.TextField(_("reasons"), max_length=LONGEST_TEXT)
    measures = models.TextField(_("proposed measures"), max_length=LONGEST_TEXT)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )
    turned_to = models.CharField(max_length=20, choices=TurnedTo.choices, blank=True)
    instruction = models.TextField(_("instruction of the leader in charge"), blank=True)
    reply = models.TextField(_("reply"), blank=True)
    first_reply = models.TextField(_("reply before the second handling"), blank=True)
    result = models.CharField(_("result"), max_length=10, choices=ReplyResult.choices, blank=True)
    reply_checked_on = models.DateField(null=True)
    second_handling = models.BooleanField(_("handled a second time"), default=False)
    best = models.BooleanField(_("best proposal"), default=False)

    if TYPE_CHECKING:
        case_id: Any

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(fields=["session", "sequence"], name="union_proposal_number"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("case")),
                name="union_proposal_merged_into_another",
            ),
        ]

    def __str__(self) -> str:
        return self.case.number or str(self.pk)


class SecondQuerySet(models.QuerySet["Second"]):
    """Sets of seconds."""

    def standing(self) -> SecondQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class Second(models.Model):
    """A delegate seconds (附议) a proposal of another; withdrawn, the row stays."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="seconds")
    delegate = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="seconds")
    seconded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[SecondQuerySet] = SecondQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = pgettext_lazy("proposal", "second")
        verbose_name_plural = pgettext_lazy("proposal", "seconds")
        ordering = ["seconded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "delegate"],
                condition=Q(withdrawn_at=None),
                name="union_seconded_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("seconded_at")),
                name="union_second_withdrawn_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.delegate_id}"


class ProposalUnit(models.Model):
    """A unit that handles a proposal: one leads (主办), others help (协办).

    Attributes:
        opinion: what a helping unit says for the reply of the leading one.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    lead = models.BooleanField(_("leads"), default=False)
    opinion = models.TextField(_("opinion of the helping unit"), blank=True)
    given_by = _user(null=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("handling unit of a proposal")
        verbose_name_plural = _("handling units of proposals")
        ordering = ["-lead", "unit__path"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "unit"], name="union_handling_unit_once"),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(lead=True), name="union_one_lead_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.unit_id}"


class ProposalRating(models.Model):
    """What the delegate thinks of the reply and of what was done, once in each round.

    Attributes:
        round: 1, or 2 after the second handling.
        implementation_level: None where nothing was to be done yet.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    reply_level = models.PositiveSmallIntegerField(choices=Satisfaction.choices)
    implementation_level = models.PositiveSmallIntegerField(choices=Satisfaction.choices, null=True)
    words = EncryptedTextField(blank=True, default="")
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("rating of a proposal")
        verbose_name_plural = _("ratings of proposals")
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "round"], name="union_rated_once_a_round"),
            models.CheckConstraint(
                condition=Q(round__in=(1, 2)), name="union_rating_in_two_rounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.round}"


class CongressReportPage(PortalPage):
    """The report on the proposals of a session as it was frozen (提案工作报告).

    It is written by `union.proposals.reports.publish` only; nobody makes or changes one by hand.
    """

    kind = "congress-report"
    section = "union"
    default_audience = Audience.EMPLOYEES
    is_creatable = False
    kept_by_services = True
    parent_page_types: ClassVar[list[str]] = ["union.UnionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "union/proposals/report_page.html"

    reported_on = models.DateField(_("date"))

    class Meta:
        verbose_name = _("report on proposals")
        verbose_name_plural = _("reports on proposals")

    def business_date(self) -> datetime.date:
        """The day it was frozen."""
        return self.reported_on

    def facts(self) -> list[tuple[Any, Any]]:
        """The day it was frozen."""
        return [(_("Date"), chinese_date(self.reported_on))]

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the report behind the page; there is none in a preview."""
        context = super().get_context(request, *args, **kwargs)
        context["report"] = CongressReport.objects.filter(page=self.pk).first()
        return context


class CongressReport(models.Model):
    """The figures of a session, frozen when they were written down, published by another.

    Attributes:
        figures: what `union.proposals.figures.count` returned, as plain values.
    """

    session = models.OneToOneField(CongressSession, on_delete=models.PROTECT, related_name="report")
    figures = models.JSONField()
    written_by = _user()
    written_at = models.DateTimeField()
    published_by = _user(null=True)
    published_at = models.DateTimeField(null=True)
    page = models.OneToOneField(
        CongressReportPage, null=True, on_delete=models.PROTECT, related_name="report"
    )

    class Meta:
        verbose_name = _("report to the congress")
        verbose_name_plural = _("reports to the congress")
        constraints = [
            models.CheckConstraint(
                condition=Q(published_by=None, published_at=None, page=None)
                | Q(published_by__isnull=False, published_at__isnull=False, page__isnull=False),
                name="union_report_published_whole",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("written_by")),
                name="union_report_by_two",
            ),
        ]

    def __str__(self) -> str:
        return str(self.session_id)
