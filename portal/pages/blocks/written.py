"""Blocks of a body that a service writes instead of an editor."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any


def text_block(html: str) -> dict[str, Any]:
    """Return a block of rich text; what people wrote has to be escaped in it."""
    return {"type": "text", "id": str(uuid.uuid4()), "value": html}


def table_value(
    caption: str,
    heading: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    row_headers: bool = False,
) -> dict[str, Any]:
    """Return the value of a table block whose first row is a header.

    Args:
        row_headers: whether the first cell of each row names the row.
    """
    return {
        "caption": caption,
        "table": {
            "data": [[*heading], *([*row] for row in rows)],
            "first_row_is_table_header": True,
            "first_col_is_header": row_headers,
            "table_header_choice": "both" if row_headers else "row",
            "table_caption": "",
            "cell": [],
            "mergeCells": [],
        },
    }


def table_block(
    caption: str,
    heading: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    key: uuid.UUID | None = None,
    row_headers: bool = False,
) -> dict[str, Any]:
    """Return a table as raw stream data.

    Args:
        key: of the block, the same each time the same table is written; a new one without it.
    """
    value = table_value(caption, heading, rows, row_headers=row_headers)
    return {"type": "table", "id": str(key or uuid.uuid4()), "value": value}
