"""The proposals of a session as a workbook; texts are never computed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import override
from openpyxl import Workbook

from portal.spreadsheets import add_heading, add_row, add_sheet
from union.proposals.reports import COLUMNS, shown

LINES = (
    ("number", "编号", 12),
    ("subject", "案由", 40),
    ("category", "类别", 18),
    ("proposer", "提案人", 12),
    ("delegation", "代表团", 22),
    ("supporters", "附议", 8),
    ("state", "状态", 18),
    ("lead", "主办单位", 22),
    ("helpers", "协办单位", 30),
    ("result", "办理结果", 14),
    ("level", "评价", 12),
)


def workbook(found: dict[str, Any]) -> Workbook:
    """Return the figures of `union.proposals.figures.count` as a workbook."""
    book = Workbook(write_only=True)
    with override("zh-hans"):
        sheet = add_sheet(book, "提案一览", [width for _code, _name, width in LINES])
        add_heading(sheet, [name for _code, name, _width in LINES])
        for line in found["proposals"]:
            values = (line[code] for code, _name, _width in LINES)
            add_row(sheet, ["、".join(v) if isinstance(v, list) else v for v in values])
        for title, first, rows in (
            ("按类别", "类别", found["by_category"]),
            ("按主办单位", "主办单位", found["by_unit"]),
        ):
            sheet = add_sheet(book, title, (28, *(12 for _column in COLUMNS)))
            add_heading(sheet, [first, *(name for _code, name in COLUMNS)])
            for row in rows:
                add_row(sheet, [row["name"], *(shown(row[code]) for code, _name in COLUMNS)])
            total = found["total"]
            add_row(sheet, ["合计", *(shown(total[code]) for code, _name in COLUMNS)])
    return book
