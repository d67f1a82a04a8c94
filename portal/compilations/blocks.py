"""The sections of a compilation: words of the editor, then records of the archive."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from portal.archives.models import Record
from portal.compilations.citing import name_for_editors
from portal.compilations.widgets import RecordChooser
from portal.pages.blocks.text import RICH_TEXT_FEATURES
from portal.pages.fields import StoryField

MOST_RECORDS = 100


class RecordChooserBlock(blocks.ChooserBlock):
    """One record, kept by its number, read with its unit."""

    target_model = Record

    @cached_property
    def widget(self) -> RecordChooser:
        """The field in the editor."""
        return RecordChooser()

    def get_prep_value(self, value: Record | None) -> str | None:
        """Return the number of the record as JSON has it."""
        return None if value is None else str(value.pk)

    def bulk_to_python(self, values: Sequence[str | None]) -> list[Record | None]:
        """Return the records of numbers in one query, in the order of the numbers."""
        numbers = [uuid.UUID(value) if value else None for value in values]
        wanted = {number for number in numbers if number}
        found = Record.objects.select_related("unit").in_bulk(wanted) if wanted else {}
        return [found.get(number) if number else None for number in numbers]

    class Meta:
        icon = "doc-full"
        label = pgettext_lazy("archive", "Record")


class CitedRecordBlock(blocks.StructBlock):
    """A record and why it is listed."""

    record = RecordChooserBlock(label=pgettext_lazy("archive", "Record"))
    note = blocks.TextBlock(
        label=_("Note of the editor"),
        rows=2,
        max_length=500,
        required=False,
        help_text=_("Who may not read the record does not see its note either."),
    )

    def render_basic(self, value: Any, context: Any = None) -> SafeString:
        """Return record and note for the comparison of drafts, as the editor names them."""
        record = value["record"]
        name = name_for_editors(record) if record is not None else ""
        return format_html("<p>{}</p><p>{}</p>", name, value["note"] or "")

    class Meta:
        icon = "doc-full"
        label = pgettext_lazy("archive", "Record")


class ChapterBlock(blocks.StructBlock):
    """One section."""

    title = blocks.CharBlock(label=_("Title"), max_length=80)
    introduction = blocks.RichTextBlock(
        label=_("Introduction"), features=RICH_TEXT_FEATURES, required=False
    )
    records = blocks.ListBlock(
        CitedRecordBlock(), label=_("Records"), min_num=1, max_num=MOST_RECORDS
    )

    class Meta:
        icon = "list-ul"
        label = pgettext_lazy("compilation", "Section")


class ChaptersBlock(blocks.StreamBlock):
    """All sections in their order."""

    chapter = ChapterBlock()

    class Meta:
        label = pgettext_lazy("compilation", "Sections")


def cited_records(chapters: blocks.StreamValue) -> Iterator[Record]:
    """Yield the records of all sections in their order; a draft may lack some."""
    for chapter in chapters:
        for cited in chapter.value["records"]:
            if cited["record"] is not None:
                yield cited["record"]


class ChaptersField(StoryField):
    """The sections of a compilation, without their definitions in the migrations."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*(arguments or (ChaptersBlock(),)), **keywords)
