"""The text of a draft for those who comment on it: what changes first, then all of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.pages.blocks.written import table_block
from veterans.models import ItemVersion
from veterans.standards.difference import changes, version_before
from veterans.standards.reading import from_rows
from veterans.standards.story import story_blocks

CHANGES = "与现行标准相比的变化"
_KEY = uuid.uuid5(uuid.UUID("0c7b2a55-3c6e-4a0f-9a2f-54e1d0a7c9b3"), CHANGES)


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
    return [table_block(CHANGES, heading, rows, key=_KEY), *blocks] if rows else blocks
