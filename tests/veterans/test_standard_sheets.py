"""A standard through Excel: out and in again, and each fault by sheet, row and column."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook, load_workbook

from portal.spreadsheets.faults import SheetRefused
from tests.factories.standards import HOUSING_2025, draft, published
from veterans.models import EntitlementRow
from veterans.standards.reading import from_rows
from veterans.standards.services import check_complete
from veterans.standards.sheets import read_sheets, write_sheets

pytestmark = pytest.mark.django_db


def book_of(version):
    return load_workbook(io.BytesIO(write_sheets(version).read()))


def body(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def content(version):
    """What a version says, without the keys of its rows."""
    import dataclasses

    standard = from_rows(type(version).objects.get(pk=version.pk))
    return {
        name: [
            dataclasses.replace(row, **({"id": 0} if hasattr(row, "id") else {}))
            for row in getattr(standard, name)
        ]
        for name in ("rules", "amounts", "materials", "steps", "limits")
    }


def test_what_goes_out_comes_in_again_unchanged():
    version = draft()
    before = content(version)
    counts = read_sheets(body(book_of(version)), version)
    assert counts == {"申请条件": 6, "金额表": 5, "申请材料": 14, "办理步骤": 8, "办理时限": 6}
    assert content(version) == before
    check_complete(version)


def test_one_standard_can_be_made_from_another_ones_sheets(time_machine):
    time_machine.move_to("2026-11-22 10:00+08:00")
    source, target = published(), draft(HOUSING_2025)
    read_sheets(body(book_of(source)), target)
    assert content(target) == content(source)


def test_every_fault_is_named_by_sheet_row_and_column():
    version = draft()
    before = content(version)
    book = book_of(version)
    book["金额表"]["H3"] = "八百"
    book["金额表"]["B4"] = "V2、V12"
    book["申请材料"]["C2"] = "也许"
    book["申请条件"]["D2"] = "V33"
    book["办理时限"]["B2"] = None
    book["办理步骤"]["A2"] = None
    with pytest.raises(SheetRefused) as caught:
        read_sheets(body(book), version)
    faults = {(one.sheet, one.row, one.column): one.problem for one in caught.value.faults}
    assert faults["金额表", 3, "H"] == "“八百”不是数字。"
    assert "V12" in faults["金额表", 4, "B"]
    assert "“也许”不在可选范围内" in faults["申请材料", 2, "C"]
    assert faults["申请条件", 2, "D"] == "请在列出的选项里选一个。"
    assert ("办理时限", 2, "B") in faults
    assert ("办理步骤", 2, "A") in faults
    assert content(version) == before


def test_missing_sheets_and_columns_are_named():
    version = draft()
    book = book_of(version)
    del book["办理步骤"]
    book["金额表"].delete_cols(8)
    with pytest.raises(SheetRefused) as caught:
        read_sheets(body(book), version)
    assert {(one.sheet, one.row, one.problem) for one in caught.value.faults} == {
        ("办理步骤", 0, "工作簿里缺少这张表。"),
        ("金额表", 1, "缺少“金额（元）”一栏。"),
    }
    assert EntitlementRow.objects.filter(version=version).count() == 5


@pytest.mark.parametrize("bad", [b"", b"PK\x03\x04nothing", b"%PDF-1.7", "金额".encode()])
def test_what_is_no_workbook_is_refused(bad):
    with pytest.raises(SheetRefused, match="1"):
        read_sheets(bad, draft())


def test_too_many_rows_are_refused():
    version = draft()
    book = book_of(version)
    for _row in range(250):
        book["办理步骤"].append(["步", "谁", None, "做", ""])
    with pytest.raises(SheetRefused) as caught:
        read_sheets(body(book), version)
    assert "200" in caught.value.faults[0].problem


def test_a_formula_is_a_text_and_never_computed():
    version = draft()
    step = version.steps.first()
    step.description = "=1+1"
    step.save()
    book = book_of(version)
    assert book["办理步骤"]["D2"].value == "=1+1"
    assert book["办理步骤"]["D2"].data_type == "s"


def test_an_empty_workbook_names_all_sheets():
    book = Workbook()
    with pytest.raises(SheetRefused) as caught:
        read_sheets(body(book), draft())
    assert len(caught.value.faults) == 5
