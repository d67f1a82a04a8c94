"""Roster files from the real world: what is read, and every fault by row and column.

No database: cells, rows and files are checked before anything is looked up.
"""

from __future__ import annotations

import datetime
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from branches.members import import_table
from branches.members.import_cells import Day, Identity, Name, attribute_of, columns
from branches.members.import_compare import Known, KnownPerson, compared, repeated
from branches.members.import_table import Table, read_table
from portal.organizations.models import Unit, UnitKind
from portal.personal_data.encryption import blind_index
from portal.spreadsheets.faults import SheetRefused
from tests.factories.people import IDENTITY_NUMBERS
from tests.factories.rosters import (
    BRANCH,
    HEADS,
    cells_of,
    csv_bytes,
    roster_bytes,
    roster_row,
    with_entry,
    workbook_bytes,
)

GOOD = IDENTITY_NUMBERS[0]


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


def faults_of(table: Table) -> list[tuple[int, str]]:
    assert all(fault.problem for fault in table.faults)
    return [(fault.row, fault.column) for fault in table.faults]


def letter(head: str) -> str:
    return "ABCDEFGHI"[HEADS.index(head)]


# Thirty kinds of bad rows and more: column with the fault, and what makes it.
BAD: list[tuple[str, dict[str, Any]]] = [
    ("姓名", {"姓名": None}),
    ("姓名", {"姓名": "何"}),
    ("姓名", {"姓名": "何静2"}),
    ("姓名", {"姓名": "静" * 51}),
    ("工号", {"工号": "12"}),
    ("工号", {"工号": "工号一二三四"}),
    ("工号", {"工号": "1" * 21}),
    ("工号", {"工号": None}),
    ("身份证号", {"身份证号": 140000198503120010}),
    ("身份证号", {"身份证号": 1.4000019850312e17}),
    ("身份证号", {"身份证号": "1.40000E+17"}),
    ("身份证号", {"身份证号": "140000850312001"}),
    ("身份证号", {"身份证号": "14000019850312001"}),
    ("身份证号", {"身份证号": "140000198503120011"}),
    ("身份证号", {"身份证号": "140000198513120010"}),
    ("手机号", {"手机号": "1390000"}),
    ("手机号", {"手机号": "1.39E+10"}),
    ("手机号", {"手机号": "02912345678"}),
    ("党支部", {"党支部": None}),
    ("党支部", {"党支部": "支" * 101}),
    ("党小组", {"党小组": "组" * 101}),
    ("党员类别", {"党员类别": "积极分子"}),
    ("党员类别", {"党员类别": "预备党员"}),
    ("入党日期", {"入党日期": None}),
    ("入党日期", {"入党日期": "去年七月"}),
    ("入党日期", {"入党日期": "2015-02-30"}),
    ("入党日期", {"入党日期": "2015.07"}),
    ("入党日期", {"入党日期": "1915-07-01"}),
    ("入党日期", {"入党日期": "2027-01-01", "转正日期": None, "党员类别": None}),
    ("转正日期", {"转正日期": "2014-07-01"}),
    ("转正日期", {"转正日期": "2027-07-01"}),
    ("转正日期", {"转正日期": "未知"}),
    ("转正日期", {"转正日期": None}),
]


@pytest.mark.parametrize(("head", "values"), BAD)
def test_a_bad_row_is_named_by_row_and_column(head: str, values: dict[str, Any]) -> None:
    table = read_table(roster_bytes(roster_row(), roster_row(**values)))
    assert faults_of(table) == [(3, letter(head))]
    assert len(table.lines) == 1


DAYS: list[Any] = [
    datetime.date(2015, 7, 1),
    datetime.datetime(2015, 7, 1, 12, 0),
    42186,
    42186.0,
    20150701,
    "2015-07-01",
    "2015-7-1",
    "2015/7/1",
    "2015.07.01",
    "2015年7月1日",
    "2015 年 7 月 1 日",
    "２０１５年７月１日",
    "20150701",
    "2015-07-01 00:00:00",
    "2015-07-01T00:00:00",
]


@pytest.mark.parametrize("written", DAYS)
def test_a_day_is_read_however_it_is_written(written: Any) -> None:
    assert Day().clean(written) == datetime.date(2015, 7, 1)


@given(some.dates(datetime.date(1954, 10, 3), datetime.date(2026, 1, 1)))
def test_every_way_of_writing_a_day_means_the_same(day: datetime.date) -> None:
    wide = "".join(
        chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in f"{day:%Y/%m/%d}"
    )
    serial = (day - datetime.date(1899, 12, 30)).days
    for written in (day, f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", wide, serial):
        assert Day().clean(written) == day


def test_numbers_and_names_lose_what_only_looks_different() -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in GOOD)
    for written in (GOOD, f" {GOOD} ", f"'{GOOD}", wide, f"{GOOD[:6]} {GOOD[6:14]} {GOOD[14:]}"):
        assert Identity().clean(written) == GOOD
    assert Name().clean("何　静") == "何静"
    assert Name().clean(" 欧阳 明 月 ") == "欧阳明月"
    assert unicodedata.normalize("NFKC", "　") == " "


def test_headers_of_other_systems_are_known() -> None:
    for head, name in (
        ("姓　名", "name"),
        ("*姓名", "" if attribute_of("*姓名") == "" else "name"),
        ("姓名*", "name"),
        ("公民身份号码", "identity_number"),
        ("入党时间（年月日）", "joined_on"),
        ("所在党支部", "branch"),
        ("序号", ""),
        (None, ""),
    ):
        assert attribute_of(head) == name, head
    assert set(columns()) >= {"name", "branch", "joined_on"}


def test_titles_two_rows_of_headers_and_merged_branches_do_no_harm() -> None:
    rows: list[list[Any]] = [
        ["沁岚能源集团2026年党员名册", None, None, None, None, None, None],
        ["填报单位：集团党委　　填报时间：2026年11月", None, None, None, None, None, None],
        ["序号", "基本情况", None, "组织关系", None, "时间", None],
        [None, "姓名", "工号", "所在党支部", "所在党小组", "入党时间", "转正时间"],
        [1, "何　静", "T900001", BRANCH, None, "2015年7月1日", "2016.7.1"],
        [2, "周立本", "T900002", None, None, 42186, 42552],
        ["序号", "姓名", "工号", "所在党支部", "所在党小组", "入党时间", "转正时间"],
        [3, "许文竹", "T900003", "选煤厂党支部", None, "2015/7/1", None],
        [None, None, None, None, None, None, None],
        ["合计：3人", None, None, None, None, None, None],
        ["说明：本表由各支部核对后填报", None, None, None, None, None, None],
    ]
    merged = ("A1:G1", "A2:G2", "B3:C3", "D3:E3", "F3:G3", "A3:A4", "D5:D6", "A10:G10")
    table = read_table(workbook_bytes(("名册", rows), merged=merged))
    assert faults_of(table) == []
    assert [(line.number, line["name"], line["branch"]) for line in table.lines] == [
        (5, "何静", BRANCH),
        (6, "周立本", BRANCH),
        (8, "许文竹", "选煤厂党支部"),
    ]
    assert {line["joined_on"] for line in table.lines} == {datetime.date(2015, 7, 1)}
    assert table.letters["name"] == "B"
    assert "序号" in table.left_out


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_files_are_read_in_the_encodings_there_are(encoding: str, delimiter: str) -> None:
    body = csv_bytes(cells_of([roster_row(身份证号=f'="{GOOD}"')]), encoding, delimiter)
    table = read_table(body)
    assert faults_of(table) == []
    assert [line["identity_number"] for line in table.lines] == [GOOD]


FORMULA = cells_of([roster_row(姓名='=CONCATENATE("何","静")')])
NO_BRANCH: list[list[Any]] = [["姓名", "入党日期"], ["何静", 1]]
OTHER: list[list[Any]] = [["物资", "数量"], ["锚杆", 3]]
FILES: list[tuple[str, bytes, str]] = [
    ("a formula in Excel", workbook_bytes(("党员名册", FORMULA)), "A2"),
    ("a formula in CSV", csv_bytes(FORMULA), "A2"),
    ("macros", with_entry(roster_bytes(roster_row()), "xl/vbaProject.bin"), "宏"),
    ("the wrong sheet", workbook_bytes(("物资台账", OTHER)), "物资台账"),
    (
        "no sheet with a branch",
        workbook_bytes(("名册", NO_BRANCH)),
        "党支部",
    ),
    (
        "two rosters",
        workbook_bytes(("一", cells_of([roster_row()])), ("二", cells_of([roster_row()]))),
        "多个工作表",
    ),
    ("a column twice", workbook_bytes(("名册", [[*HEADS, "姓名"]])), "重复"),
    ("no rows", workbook_bytes(("名册", [list(HEADS)])), "没有内容"),
    ("an old Excel file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
    ("a broken workbook", b"PK\x03\x04" + b"\0" * 90, "损坏"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "CSV"),
    ("nothing but a word", "你好".encode(), "党支部"),
    ("an empty table", b"\n\n\n", "党支部"),
]


@pytest.mark.parametrize(
    ("body", "words"), [row[1:] for row in FILES], ids=[row[0] for row in FILES]
)
def test_a_file_that_is_none_is_refused_with_words(body: bytes, words: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read_table(body)
    assert words in refused.value.faults[0].problem
    assert len(refused.value.faults) == 1


def test_more_rows_than_are_taken_are_refused_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_table, "MOST_ROWS", 3)
    rows = [roster_row(工号=f"T90000{number}") for number in range(4)]
    for body in (roster_bytes(*rows), csv_bytes(cells_of(rows))):
        with pytest.raises(SheetRefused, match="1 faults") as refused:
            read_table(body)
        assert "3" in refused.value.faults[0].problem and refused.value.faults[0].row == 5
    assert len(read_table(roster_bytes(*rows[:3])).lines) == 3


# ---- What the portal knows, without a database

_TODAY = datetime.date(2026, 11, 23)


def unit(name: str, pk: int, **values: Any) -> Unit:
    return Unit(pk=pk, name=name, kind=UnitKind.PARTY_BRANCH, path=f"{pk:04d}", **values)


def known() -> Known:
    """Return a portal that knows two employees, a member, three branches and a group."""
    index = blind_index(GOOD) or ""
    ended = unit("旧支部", 3, valid_to=datetime.date(2025, 1, 1))
    young = unit("新支部", 4, valid_from=datetime.date(2026, 6, 1))
    return Known(
        by_identity={index: KnownPerson(2, "周立本", "T900002", index)},
        by_employee={
            "T900001": KnownPerson(1, "何静", "T900001", ""),
            "T900002": KnownPerson(2, "周立本", "T900002", index),
            "T900003": KnownPerson(3, "许文竹", "T900003", ""),
            "T900004": KnownPerson(4, "田小禾", "T900004", ""),
        },
        branches={BRANCH: unit(BRANCH, 1), "重名": None, "旧支部": ended, "新支部": young},
        groups={1: {"第一党小组": unit("第一党小组", 5)}},
        belongs={3: "选煤厂党支部", 4: ""},
    )


COMPARED: list[tuple[list[str], dict[str, Any]]] = [
    ([], {}),
    ([], {"党小组": "第一党小组"}),
    (["工号"], {"工号": "T999999"}),
    (["姓名"], {"姓名": "何敬"}),
    (["姓名"], {"姓名": "许文竹", "工号": "T900003"}),
    (["姓名"], {"姓名": "田小禾", "工号": "T900004"}),
    (["身份证号"], {"身份证号": GOOD}),
    (["身份证号"], {"姓名": "周立本", "工号": "T900002", "身份证号": IDENTITY_NUMBERS[1]}),
    (["姓名"], {"姓名": "何静", "工号": None, "身份证号": GOOD}),
    ([], {"姓名": "孙无号", "工号": None, "身份证号": IDENTITY_NUMBERS[1]}),
    (["党支部"], {"党支部": "没有的支部"}),
    (["党支部"], {"党支部": "重名"}),
    (["党支部"], {"党支部": "旧支部"}),
    ([""], {"党支部": "新支部"}),
    (["党小组"], {"党小组": "第九党小组"}),
]


@pytest.mark.parametrize(("heads", "values"), COMPARED)
def test_what_does_not_fit_the_portal_is_named_by_its_column(
    heads: list[str], values: dict[str, Any]
) -> None:
    table = read_table(roster_bytes(roster_row(**values)))
    assert table.faults == []
    found = list(compared(table.lines, known(), table.letters))
    assert [fault.column for fault in found] == [letter(head) if head else "" for head in heads]
    assert all(fault.problem and fault.row == 2 for fault in found)


def test_the_same_person_by_two_numbers_is_named_by_the_first_row() -> None:
    both = {"姓名": "周立本", "工号": "T900002", "身份证号": GOOD}
    rows = [
        roster_row(**{**both, "身份证号": None}),
        roster_row(),
        roster_row(**{**both, "工号": None}),
        roster_row(身份证号=IDENTITY_NUMBERS[1], 姓名="孙无号", 工号=None),
    ]
    table = read_table(roster_bytes(*rows))
    assert not list(repeated(table.lines, table.letters))
    (fault,) = compared(table.lines, known(), table.letters)
    assert (fault.row, fault.column) == (4, letter("姓名")) and "2" in fault.problem
    # A number that stands in both rows is named once, as a number.
    table = read_table(roster_bytes(roster_row(**both), roster_row(**both)))
    assert not list(compared(table.lines, known(), table.letters))


def test_the_same_number_in_two_rows_names_the_first() -> None:
    rows = [
        roster_row(身份证号=GOOD),
        roster_row(工号="T900002"),
        roster_row(工号="T900003", 身份证号=GOOD),
        roster_row(),
    ]
    table = read_table(roster_bytes(*rows))
    found = [(one.row, one.column) for one in repeated(table.lines, table.letters)]
    assert found == [(4, "C"), (5, "B")]
