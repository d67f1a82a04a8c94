"""The text of a draft for those who comment on it: what changes first, then all of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from veterans.models import ItemVersion
from veterans.standards.difference import changes, version_before
from veterans.standards.reading import from_rows
from veterans.standards.story import story_blocks

_NAMESPACE = uuid.UUID("0c7b2a55-3c6e-4a0f-9a2f-54e1d0a7c9b3")


def text_of(version: ItemVersion) -> list[dict[str, Any]]:
    """Return the raw blocks of a body: the table of changes, then the draft, in Chinese."""
    draft = from_rows(version)
    before = version_before(version)
    blocks = story_blocks(draft)
    if before is None:
        return blocks
    with override("zh-hans"):
        rows = [
            [change.what, change.before or "—", change.after or "—"]
            for change in changes(before.standard, draft)
        ]
        heading = [_("What"), str(before), _("Draft")]
    return [_table("与现行标准相比的变化", heading, rows), *blocks] if rows else blocks


def _table(caption: str, heading: list[str], rows: list[list[str]]) -> dict[str, Any]:
    return {
        "type": "table",
        "id": str(uuid.uuid5(_NAMESPACE, caption)),
        "value": {
            "caption": caption,
            "table": {
                "data": [heading, *rows],
                "first_row_is_table_header": True,
                "first_col_is_header": False,
                "table_header_choice": "row",
                "table_caption": "",
                "cell": [],
                "mergeCells": [],
            },
        },
    }
