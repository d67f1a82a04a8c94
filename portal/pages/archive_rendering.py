"""What the archive copy of a page shows, from the captured content alone."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.safestring import mark_safe
from PIL import Image, ImageOps
from wagtail.rich_text import expand_db_html

from portal.archives.access.vault import Vault, vault_of
from portal.archives.models import Record
from portal.archives.sources import written_rendition

# Enough for A4 at 200 dots an inch; the original lies in the record beside the copy.
MAX_PICTURE_PIXELS = 1400


def _data_uri(body: bytes) -> str:
    """Return a picture, scaled for print, as a data address."""
    with Image.open(io.BytesIO(body)) as opened:
        picture = ImageOps.exif_transpose(opened)
        picture.thumbnail((MAX_PICTURE_PIXELS, MAX_PICTURE_PIXELS))
        target = io.BytesIO()
        if picture.mode in ("RGBA", "LA", "P"):
            picture.convert("RGBA").save(target, "PNG", optimize=True)
            media_type = "image/png"
        else:
            picture.convert("RGB").save(target, "JPEG", quality=82)
            media_type = "image/jpeg"
    return f"data:{media_type};base64,{base64.b64encode(target.getvalue()).decode()}"


class _Files:
    """The pinned files of a record, by role and key."""

    def __init__(self, payload: dict[str, Any], vault: Vault) -> None:
        self._vault = vault
        self._files = {(file["role"], file["object"]): file for file in payload["files"]}

    def picture(self, key: Any) -> str:
        file = self._files.get(("picture", key))
        return _data_uri(self._vault.read(file["sha256"])) if file else ""

    def named(self, role: str, key: Any) -> dict[str, Any]:
        return self._files.get((role, key), {"name": "", "sha256": "", "size": 0})


def _block(block: dict[str, Any], files: _Files) -> dict[str, Any]:
    kind, value = block["type"], block["value"]
    shown: dict[str, Any] = {"type": kind}
    if kind == "text":
        shown["html"] = mark_safe(expand_db_html(value))  # noqa: S308 - filtered when saved
    elif kind == "picture":
        shown |= {**value, "source": files.picture(value["image"])}
    elif kind == "gallery":
        shown["title"] = value["title"]
        shown["pictures"] = [
            {**item["value"], "source": files.picture(item["value"]["image"])}
            for item in value["pictures"]
        ]
    elif kind == "table":
        table = value["table"] or {}
        rows = table.get("data") or []
        header = bool(table.get("first_row_is_table_header"))
        shown |= {
            "caption": value["caption"],
            "header": rows[0] if header and rows else [],
            "rows": rows[1:] if header else rows,
        }
    elif kind == "attachments":
        shown["title"] = value["title"]
        shown["attachments"] = [
            {**item["value"], **files.named("document", item["value"]["document"])}
            for item in value["attachments"]
        ]
    elif kind in ("audio", "video"):
        shown |= {**value, **files.named("media", value["media"])}
    else:
        shown |= value if isinstance(value, dict) else {"text": value}
    return shown


def rendition_context(record: Record, payload: dict[str, Any]) -> dict[str, Any]:
    """Return the context of the archive copy of a page."""
    content = payload["content"]
    shown = payload["shown"]
    fields = content["fields"]
    files = _Files(payload, vault_of(record))
    body = fields.get("body") or []
    blocks = json.loads(body) if isinstance(body, str) else body
    blocks = [*blocks, *shown.get("following", [])]
    published = next(
        (event["at"] for event in payload["process"] if event["action"] == "publish"), None
    )
    return {
        **written_rendition(
            record, payload, shown["facts"], [_block(block, files) for block in blocks]
        ),
        "published_at": parse_datetime(published) if published else None,
        "summary": fields.get("summary", ""),
        "picture": files.picture(fields.get("picture")) if fields.get("picture") else "",
    }
