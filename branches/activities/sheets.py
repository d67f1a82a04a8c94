"""The list of records as a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import override
from openpyxl import Workbook

from portal.spreadsheets import add_heading, add_row, add_sheet

HEADS = (
    *("日期", "时间", "类型", "主题", "党支部", "地点", "主持人", "记录人"),
    *("状态", "应到", "实到", "记录提交日期"),
)


def records_sheet(records: Iterable[Any]) -> Workbook:
    """Return records with `should` and `attended`, a row each; no absentee is named."""
    book = Workbook(write_only=True)
    with override("zh-hans"):
        sheet = add_sheet(book, "支部活动", (12, 8, 16, 40, 26, 20, 10, 10, 10, 8, 8, 14))
        add_heading(sheet, HEADS)
        for row in records:
            start = timezone.localtime(row.starts_at).strftime("%H:%M") if row.starts_at else ""
            add_row(
                sheet,
                (
                    row.held_on,
                    start,
                    str(row.get_kind_display()),
                    row.topic,
                    row.branch.name,
                    row.place,
                    row.host.name if row.host else "",
                    row.recorder.name if row.recorder else "",
                    str(row.get_state_display()),
                    row.should,
                    row.attended,
                    row.recorded_on,
                ),
            )
    return book
