"""Lists of safety work as workbooks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import override
from openpyxl import Workbook

from portal.spreadsheets import add_heading, add_row, add_sheet


def _book(title: str, heads: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> Workbook:
    book = Workbook(write_only=True)
    with override("zh-hans"):
        sheet = add_sheet(book, title, [18] * len(heads))
        add_heading(sheet, heads)
        for row in rows:
            add_row(sheet, row)
    return book


def pledges_sheet(rows: Iterable[Any]) -> Workbook:
    """Return pledges, a row each."""
    heads = ("党支部", "姓名", "工号", "责任书", "层级", "起", "止", "签订日期", "方式", "考核结果")
    return _book(
        "安全责任书",
        heads,
        (
            (
                row.branch.name,
                row.person.name,
                row.person.employee_number or "",
                row.title,
                str(row.get_level_display()),
                row.valid_from,
                row.valid_to,
                timezone.localtime(row.signed_at).date() if row.signed_at else "",
                ("纸质" if row.on_paper else "账号") if row.signed_at else "未签订",
                str(row.get_result_display()),
            )
            for row in rows
        ),
    )


def hazards_sheet(rows: Iterable[Any]) -> Workbook:
    """Return hazards, a row each."""
    heads = (
        *("编号", "党支部", "地点", "类别", "等级", "隐患", "发现人", "发现日期", "责任单位"),
        *("整改措施", "整改期限", "状态", "销号日期", "安全系统编号"),
    )
    return _book(
        "隐患排查治理",
        heads,
        (
            (
                row.number,
                row.branch.name,
                row.place,
                str(row.get_kind_display()),
                str(row.get_grade_display()),
                row.description,
                row.found_by.name,
                row.found_on,
                row.responsible_unit.name,
                row.measure,
                row.due_on,
                "逾期" if row.is_overdue() else str(row.get_state_display()),
                row.closed_on or "",
                row.source_number,
            )
            for row in rows
        ),
    )


def ledger_sheet(rows: Iterable[Any]) -> Workbook:
    """Return the lines of the ledger, a row each."""
    heads = ("日期", "党支部", "姓名", "奖惩", "积分", "金额（元）", "事由", "文号", "备注")
    return _book(
        "安全奖惩台账",
        heads,
        (
            (
                row.day,
                row.branch.name,
                row.person.name if row.person else "党支部",
                str(row.get_kind_display()),
                row.points,
                row.amount,
                row.reason,
                row.document,
                _remark(row),
            )
            for row in rows
        ),
    )


def _remark(row: Any) -> str:
    if row.takes_back_id:
        return f"冲销{row.takes_back.day:%Y-%m-%d}一笔"
    return "已冲销" if hasattr(row, "taken_back_by") else ""
