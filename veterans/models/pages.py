"""Pages of veterans' support."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from portal.pages.formats import chinese_date
from portal.pages.models import Audience, IndexPage, PortalPage
from portal.pages.models.types import validate_document_number


class VeteransIndexPage(IndexPage):
    """The front of veterans' support (拥军优属)."""

    kind = "veterans-index"
    section = "veterans"
    # Common questions are many and short; they have a list of their own.
    listed_kinds = ("support-standard", "policy", "briefing", "consultation", "consultation-result")
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = [
        "veterans.SupportStandardPage",
        "veterans.PolicyPage",
        "veterans.AnswerPage",
        "veterans.BriefingPage",
        "veterans.ConsultationPage",
        "veterans.ConsultationResultPage",
    ]
    template = "veterans/veterans_index_page.html"

    class Meta:
        verbose_name = _("veterans support front page")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the doors to the items; the list below holds all that was published."""
        from portal.pages.models import Publication

        context = super().get_context(request, *args, **kwargs)
        standards = Publication.objects.visible_to(request.user).of_kind("support-standard")
        from veterans.publicity.doors import office_doors

        context["office_doors"] = office_doors(request.user)
        context["standards"] = standards.order_by(
            "page__supportstandardpage__version__item__order", "page__path"
        )
        return context


class PolicyPage(PortalPage):
    """A policy on support for veterans and their families, with the days it is in force."""

    kind = "policy"
    section = "veterans"
    default_audience = Audience.PUBLIC
    parent_page_types: ClassVar[list[str]] = ["veterans.VeteransIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "veterans/policy_page.html"

    document_number = models.CharField(
        _("document number"), max_length=60, blank=True, validators=[validate_document_number]
    )
    effective_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force until"), null=True, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("document_number"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("effective_from"), FieldPanel("valid_to")])],
            heading=_("In force"),
        ),
        *PortalPage.content_panels[1:],
    ]
    search_fields = [*PortalPage.search_fields, index.SearchField("document_number")]

    class Meta:
        verbose_name = _("support policy")
        verbose_name_plural = _("support policies")

    def clean(self) -> None:
        """Refuse an end that lies before the beginning."""
        super().clean()
        if self.effective_from and self.valid_to and self.valid_to < self.effective_from:
            raise ValidationError(
                {"valid_to": _("The policy ends before it begins. Please correct one date.")}
            )

    def business_date(self) -> datetime.date:
        """The first day in force, else the day of publication."""
        return self.effective_from or super().business_date()

    def reference(self) -> str:
        """The document number."""
        return self.document_number

    def expires_on(self) -> datetime.date | None:
        """The last day in force."""
        return self.valid_to

    def facts(self) -> list[tuple[Any, Any]]:
        """Unit, number and days in force."""
        facts = [
            (_("Issuing unit"), self.unit),
            (_("Document number"), self.document_number),
            (_("In force from"), chinese_date(self.effective_from)),
            (_("In force until"), chinese_date(self.valid_to)),
        ]
        return [(label, value) for label, value in facts if value]
