"""The pages of union news."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from portal.pages.formats import chinese_date
from portal.pages.models import Audience, IndexPage, PortalPage


class UnionIndexPage(IndexPage):
    """The front of the union (工会之家)."""

    kind = "union-index"
    section = "union"
    listed_kinds = (
        *("public-reply", "opinion-bulletin", "open-management"),
        *("union-news", "survey", "survey-result", "congress-report"),
    )
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = [
        "union.UnionNewsPage",
        "union.FeedbackBoxPage",
        "union.PublicReplyPage",
        "union.OpinionBulletinPage",
        "union.OpenManagementPage",
        "union.CongressReportPage",
        "union.SurveyPage",
        "union.SurveyResultPage",
    ]
    template = "union/union_index_page.html"

    class Meta:
        verbose_name = _("union front page")


class UnionNewsPage(PortalPage):
    """News of the union: welfare, contests, visits, disclosure."""

    kind = "union-news"
    section = "union"
    default_audience = Audience.EMPLOYEES
    parent_page_types: ClassVar[list[str]] = ["union.UnionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/article_page.html"

    held_on = models.DateField(_("date"), null=True, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("held_on"), *PortalPage.content_panels[1:]]

    class Meta:
        verbose_name = _("union news")
        verbose_name_plural = _("union news")

    def business_date(self) -> datetime.date:
        """The day of the event, else of publication."""
        return self.held_on or super().business_date()

    def facts(self) -> list[tuple[Any, Any]]:
        """The day of the event."""
        return [(_("Date"), chinese_date(self.held_on))] if self.held_on else []
