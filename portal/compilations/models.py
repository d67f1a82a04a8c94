"""A compilation and the front of the section."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from portal.archives.models import Record
from portal.compilations import citing
from portal.compilations.blocks import ChaptersField, cited_records
from portal.compilations.forms import CompilationForm
from portal.pages.models import IndexPage, PortalPage


class CompilationIndexPage(IndexPage):
    """All compilations."""

    kind = "compilation-index"
    section = "compilations"
    listed_kinds = ("compilation",)
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["compilations.CompilationPage"]
    template = "pages/index_page.html"

    class Meta:
        verbose_name = _("compilations front page")


class CompilationPage(PortalPage):
    """A topical compilation (专题汇编): a preface, then sections of records with notes.

    The page keeps the numbers of the records only. Title, day, unit and level are read from
    the archive each time, so a record whose level was raised, or that was destroyed, shows as
    what it is now. The archive copy says in words what stood there when it was published.

    Source: the use of records among the functions that GB/T 39784-2021 asks of a records system.
    """

    kind = "compilation"
    section = "compilations"
    parent_page_types: ClassVar[list[str]] = ["compilations.CompilationIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "compilations/compilation_page.html"
    base_form_class = CompilationForm

    chapters = ChaptersField(verbose_name=pgettext_lazy("compilation", "sections"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("picture"),
        FieldPanel("body", heading=_("Preface")),
        FieldPanel("chapters"),
    ]
    search_fields = [*PortalPage.search_fields, index.SearchField("chapter_titles")]

    class Meta:
        verbose_name = _("topical compilation")
        verbose_name_plural = _("topical compilations")

    @property
    def chapter_titles(self) -> str:
        """The titles of the sections for the search index; notes are not for everybody."""
        return " ".join(str(chapter.value["title"]) for chapter in self.chapters)

    def cited_records(self) -> Iterator[Record]:
        """Return the records in the order of the page."""
        return cited_records(self.chapters)

    def record_level(self) -> str:
        """Who reads the archive record: nobody who may not read what it names."""
        return citing.level_of_record(self.cited_records(), self.audience, self.unit)

    def following_blocks(self) -> list[dict[str, Any]]:
        """Return the sections in words, for the archive copy."""
        from portal.compilations.archive_copy import blocks_of

        return blocks_of(self.chapters)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the sections as the reader may see them."""
        from portal.compilations.reading import compilation_context

        context = super().get_context(request, *args, **kwargs)
        context.update(compilation_context(self, request.user, context["record"]))
        return context
