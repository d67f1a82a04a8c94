"""What was captured of a page as readable text, field by field and block by block."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.dateparse import parse_date
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.fields import StreamField

from portal.archives.sources import ContentPart
from portal.pages.blocks.story import StoryBlock
from portal.pages.formats import chinese_date

# Said by other parts: the body by its blocks, the unit by its name, the rest is for machines.
_UNREAD = frozenset({"body", "title", "unit", "audience", "page_ptr", "seo_title"})
_LINE_ENDS = re.compile(r"</(?:p|li|h[1-6]|blockquote)>|<br\s*/?>", re.IGNORECASE)


def people(payload: dict[str, Any]) -> list[str]:
    """Return the names in the fields of the page that hold the name of a person."""
    content = payload["content"]
    model: Any = apps.get_model(content["model"])
    names = (content["fields"].get(name) for name in model.person_fields)
    return [name for name in names if isinstance(name, str)]


def plain_lines(rich_text: str) -> str:
    """Return the words of rich text, a line for each paragraph."""
    words = html.unescape(strip_tags(_LINE_ENDS.sub("\n", rich_text)))
    lines = (" ".join(line.split()) for line in words.split("\n"))
    return "\n".join(line for line in lines if line)


def content_parts(payload: dict[str, Any]) -> list[ContentPart]:
    """Return title, fields and blocks of the body in the order in which readers meet them."""
    content = payload["content"]
    model: Any = apps.get_model(content["model"])
    files = {(file["role"], file["object"]): file["name"] for file in payload["files"]}
    fields = content["fields"]
    parts = [
        ContentPart("title", _("Title"), payload["title"]),
        ContentPart("unit", _("Responsible unit"), payload["shown"].get("unit_name", "")),
    ]
    for name, value in fields.items():
        if name in _UNREAD:
            continue
        text = _field_text(model, name, value, files)
        if text:
            parts.append(ContentPart(name, _field_label(model, name), text))
    parts += _blocks(fields.get("body") or [], files)
    parts += _blocks(payload["shown"].get("following") or [], files, "following")
    return [part for part in parts if part.text]


def _field_label(model: Any, name: str) -> str:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    return capfirst(str(getattr(field, "verbose_name", name)))


def _field_text(model: Any, name: str, value: Any, files: dict[Any, str]) -> str:
    if value in (None, "", []) or isinstance(value, dict):
        # Nested plain values are for machines; the body says them in words.
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    if isinstance(field, StreamField):
        # What follows the body says it in words.
        return ""
    if name == "picture":
        return files.get(("picture", value), _("Picture"))
    if field is not None and field.is_relation and not isinstance(value, list):
        return ""
    choices = dict(getattr(field, "flatchoices", None) or ())
    if value in choices:
        return str(choices[value])
    if isinstance(value, str):
        day = parse_date(value) if len(value) == 10 else None
        if day is not None:
            return chinese_date(day)
        return plain_lines(value) if "<" in value else value
    if isinstance(value, list):
        return "\n".join(text for row in value if (text := _row_text(row)))
    return str(value)


def _row_text(row: Any) -> str:
    if isinstance(row, dict):
        values = [value for name, value in row.items() if name not in ("pk", "page", "sort_order")]
        return "，".join(str(value) for value in values if value not in (None, ""))
    return ""


def _blocks(body: Any, files: dict[Any, str], place: str = "body") -> Iterator[ContentPart]:
    names = StoryBlock().child_blocks
    blocks = json.loads(body) if isinstance(body, str) else body
    for number, block in enumerate(blocks, 1):
        kind = block["type"]
        label = str(names[kind].label) if kind in names else kind
        key = f"{place}:{block.get('id') or number}"
        lines = [line for line in _block_lines(kind, block["value"], files) if line]
        yield ContentPart(key, capfirst(label), "\n".join(lines))


def _block_lines(kind: str, value: Any, files: dict[Any, str]) -> Iterator[str]:
    if kind == "text":
        yield plain_lines(value)
    elif kind == "picture":
        yield from _picture_lines(value, files)
    elif kind == "gallery":
        yield value["title"]
        for item in value["pictures"]:
            yield from _picture_lines(item["value"], files)
    elif kind == "table":
        yield value["caption"]
        for row in (value["table"] or {}).get("data") or []:
            yield " | ".join("" if cell is None else str(cell) for cell in row)
    elif kind == "attachments":
        yield value["title"]
        for item in value["attachments"]:
            name = files.get(("document", item["value"]["document"]), "")
            yield "，".join(filter(None, [name, item["value"].get("description")]))
    elif kind in ("audio", "video"):
        yield value["caption"]
        yield files.get(("media", value["media"]), "")
        yield value["transcript"]
    elif isinstance(value, dict):
        for found in value.values():
            if isinstance(found, str):
                yield found
    else:
        yield str(value)


def _picture_lines(value: dict[str, Any], files: dict[Any, str]) -> Iterator[str]:
    yield files.get(("picture", value["image"]), "")
    yield value.get("caption", "")
    yield value.get("alternative_text", "")
