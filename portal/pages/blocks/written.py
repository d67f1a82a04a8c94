"""Blocks of a body that a service writes instead of an editor."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any


def text_block(html: str) -> dict[str, Any]:
    """Return a block of rich text; what people wrote has to be escaped in it."""
    return {"type": "text", "id": str(uuid.uuid4()), "value": html}


def table_block(
    caption: str, heading: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> dict[str, Any]:
    """Return a table whose first row and first column are headers."""
    data = [[str(cell) for cell in row] for row in (heading, *rows)]
    return {
        "type": "table",
        "id": str(uuid.uuid4()),
        "value": {
            "caption": caption,
            "table": {
                "data": data,
                "first_row_is_table_header": True,
                "first_col_is_header": True,
                "table_header_choice": "both",
                "table_caption": "",
                "cell": [],
                "mergeCells": [],
            },
        },
    }
