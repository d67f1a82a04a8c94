"""The page types that belong to no subject: home, news and notices."""

from __future__ import annotations

import datetime
import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from portal.pages.formats import chinese_date
from portal.pages.models.base import Audience, IndexPage, PortalPage

DOCUMENT_NUMBER = re.compile(r"^[\u4e00-\u9fffA-Za-z]{2,20}〔\d{4}〕\d{1,4}号$")
validate_document_number = RegexValidator(
    DOCUMENT_NUMBER,
    _("Write the document number like 沁岚党发〔2026〕7号, with the year in 〔〕."),
)


class HomePage(PortalPage):
    """The first page of the portal and the root of its site."""

    kind = "home"
    section = "news"
    default_audience = Audience.PUBLIC
    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    template = "pages/home_page.html"

    class Meta:
        verbose_name = _("home page")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Resolve the whole address in one look-up, whatever its depth."""
        from portal.pages.routing import route_from_root

        return route_from_root(self, request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the blocks of the home page."""
        from portal.pages.home import home_context

        context = super().get_context(request, *args, **kwargs)
        context.update(home_context(request))
        return context


class NewsIndexPage(IndexPage):
    """All news."""

    kind = "news-index"
    section = "news"
    listed_kinds = ("news",)
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["pages.NewsPage"]
    template = "pages/index_page.html"

    class Meta:
        verbose_name = _("news front page")


class NewsPage(PortalPage):
    """A news article of the enterprise (综合新闻)."""

    kind = "news"
    section = "news"
    default_audience = Audience.PUBLIC
    parent_page_types: ClassVar[list[str]] = ["pages.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/article_page.html"

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")


class NoticeIndexPage(IndexPage):
    """All notices."""

    kind = "notice-index"
    section = "notices"
    listed_kinds = ("notice",)
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["pages.NoticePage"]
    template = "pages/index_page.html"

    class Meta:
        verbose_name = _("notices front page")


class NoticePage(PortalPage):
    """A notice (通知公告): issuing unit, document number, days on which it is in force."""

    kind = "notice"
    section = "notices"
    default_audience = Audience.PUBLIC
    parent_page_types: ClassVar[list[str]] = ["pages.NoticeIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/article_page.html"

    document_number = models.CharField(
        _("document number"),
        max_length=60,
        blank=True,
        validators=[validate_document_number],
        help_text=_("For example 沁岚党发〔2026〕7号."),
    )
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force until"), null=True, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("document_number"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")])],
            heading=_("In force"),
        ),
        *PortalPage.content_panels[1:],
    ]
    search_fields = [*PortalPage.search_fields, index.SearchField("document_number")]

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")

    def clean(self) -> None:
        """Refuse an end that lies before the beginning."""
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError(
                {"valid_to": _("The notice ends before it begins. Please correct one date.")}
            )

    def business_date(self) -> datetime.date:
        """The first day in force, else the day of publication."""
        return self.valid_from or super().business_date()

    def reference(self) -> str:
        """The document number."""
        return self.document_number

    def expires_on(self) -> datetime.date | None:
        """The last day in force."""
        return self.valid_to

    @property
    def is_in_force(self) -> bool:
        """Whether the notice is in force today in Shanghai."""
        today = timezone.localdate()
        return (not self.valid_from or self.valid_from <= today) and (
            not self.valid_to or today <= self.valid_to
        )

    def facts(self) -> list[tuple[Any, Any]]:
        """Issuing unit, number and days in force."""
        facts: list[tuple[Any, Any]] = [
            (_("Issuing unit"), self.unit),
            (_("Document number"), self.document_number),
        ]
        if self.valid_from or self.valid_to:
            facts.append(
                (
                    _("In force"),
                    f"{chinese_date(self.valid_from)}—{chinese_date(self.valid_to)}",
                )
            )
        return [(label, value) for label, value in facts if value]
