"""The sections of a compilation in words, as its archive copy keeps them."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.blocks import StreamValue

from portal.archives.models import Record, RecordState
from portal.pages.blocks.written import table_block
from portal.pages.formats import chinese_date
from portal.pages.kinds import kind_name


def _title(record: Record) -> str:
    if record.state == RecordState.DESTROYED:
        return _("%(title)s (destroyed)") % {"title": record.title}
    return record.title


def _row(number: int, cited: Any) -> list[str]:
    record: Record = cited["record"]
    source = "，".join(filter(None, [str(record.unit or ""), str(kind_name(record.kind))]))
    return [
        str(number),
        _title(record),
        chinese_date(record.business_date),
        source,
        record.archive_code or str(record.pk),
        cited["note"] or "",
    ]


def blocks_of(chapters: StreamValue) -> list[dict[str, Any]]:
    """Return a heading with its introduction and a table for each section, as stream data.

    The keys of the blocks follow from those of the sections, so that versions can be compared.
    """
    heading = [
        _("No."),
        pgettext("record", "Title"),
        _("Date"),
        _("Source of the record"),
        _("Archive code or record number"),
        _("Note of the editor"),
    ]
    blocks: list[dict[str, Any]] = []
    for chapter in chapters:
        title, introduction = chapter.value["title"], chapter.value["introduction"]
        key = uuid.uuid5(uuid.NAMESPACE_OID, str(chapter.id))
        words = f"<h2>{escape(title)}</h2>{introduction.source if introduction else ''}"
        blocks.append({"type": "text", "id": str(chapter.id), "value": words})
        cited = [item for item in chapter.value["records"] if item["record"] is not None]
        rows = [_row(number, item) for number, item in enumerate(cited, start=1)]
        blocks.append(table_block(title, heading, rows, key=key))
    return blocks
