"""The pages and the Excel sheet of the scope table."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.archives.models import ScopeRule, ScopeTable, ScopeTableState
from portal.archives.scope.services import copy_as_draft, place
from portal.archives.scope.sheets import read_sheet, write_sheet
from portal.spreadsheets.faults import SheetRefused
from tests.archives.test_pool import EVERY_ROLE
from tests.factories.organizations import company, make_branch
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

COLUMNS = [
    *("种类", "细类", "题名含有", "归档范围", "归档", "类别", "保管期限", "最低控制标识"),
    *("条款", "条款待核", "自动接收"),
]


def in_force() -> ScopeTable:
    """Return the table in force."""
    table = ScopeTable.objects.in_force()
    assert table is not None
    return table


def rows_of(table: ScopeTable) -> list[tuple[Any, ...]]:
    """Return what the rows of a table say, in order."""
    return list(
        table.rules.order_by("position").values_list(
            *("position", "kind", "subkind", "title_words", "description", "files"),
            *("archive_class_id", "period", "access_level", "clause", "unverified"),
            "straight_through",
        )
    )


def changed(change: Any, table: ScopeTable | None = None) -> bytes:
    """Return the sheet of a table after a function changed the worksheet."""
    book = openpyxl.load_workbook(io.BytesIO(write_sheet(table or in_force())))
    change(book.active)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_what_was_downloaded_can_be_uploaded() -> None:
    """The draft says the same, row by row."""
    draft = read_sheet(write_sheet(in_force()), None, "复核后上传")
    assert rows_of(draft) == rows_of(in_force())
    assert draft.state == ScopeTableState.DRAFT
    assert draft.number == in_force().number + 1


def test_the_sheet_is_in_the_words_of_the_table() -> None:
    """Headings and cells are read by people, not by programs."""
    sheet = openpyxl.load_workbook(io.BytesIO(write_sheet(in_force()))).active
    assert [cell.value for cell in sheet[1]] == COLUMNS
    values = {cell.value for row in sheet.iter_rows(min_row=2) for cell in row}
    assert {"是", "否", "永久", "30年", "10年", "支部活动"} & values
    assert "DQ02 组织工作" in values


@pytest.mark.parametrize(
    ("cell", "value", "row", "column"),
    [
        ("A5", "不存在的种类", 5, "种类"),
        ("B4", "不存在的细类", 4, "细类"),
        ("D6", None, 6, "归档范围"),
        ("E5", "也许", 5, "归档"),
        ("F7", "ZZ99", 7, "类别"),
        ("G7", "15年", 7, "保管期限"),
        ("G7", "长期", 7, "保管期限"),
        ("H7", "绝密", 7, "最低控制标识"),
        ("I8", None, 8, "条款"),
        ("J8", "x", 8, "条款待核"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(
    cell: str, value: Any, row: int, column: str
) -> None:
    """And nothing of the sheet is taken over."""
    before = ScopeTable.objects.count()

    def change(sheet: Any) -> None:
        sheet[cell] = value

    with pytest.raises(SheetRefused) as refused:
        read_sheet(changed(change), None)
    assert (row, column) in {(one.row, one.column) for one in refused.value.faults}
    assert ScopeTable.objects.count() == before


def test_a_row_to_be_filed_needs_class_and_period() -> None:
    """Two problems of one row are two lines."""

    def change(sheet: Any) -> None:
        filed = next(row for row in sheet.iter_rows(min_row=2) if row[4].value == "是")
        filed[5].value = filed[6].value = None

    with pytest.raises(SheetRefused) as refused:
        read_sheet(changed(change), None)
    assert {one.column for one in refused.value.faults} == {"类别", "保管期限"}


def test_two_rows_that_say_the_same_are_named() -> None:
    """The second would never be reached."""

    def change(sheet: Any) -> None:
        sheet.append([cell.value for cell in sheet[6]])

    with pytest.raises(SheetRefused) as refused:
        read_sheet(changed(change), None)
    assert "第6行" in refused.value.faults[0].problem


def test_full_width_digits_and_blank_rows_are_accepted() -> None:
    """As people type them in Chinese input mode."""

    def change(sheet: Any) -> None:
        for row in sheet.iter_rows(min_row=2):
            if row[6].value == "30年":
                row[6].value = "３０年 "
            if row[5].value:
                row[5].value = row[5].value.split()[0].lower()
        sheet.append([None] * len(COLUMNS))

    assert rows_of(read_sheet(changed(change), None)) == rows_of(in_force())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook", b"%PDF-1.7", b"a,b\n1,2\n"])
def test_something_else_than_a_workbook_is_refused(content: bytes) -> None:
    """In one sentence."""
    with pytest.raises(SheetRefused) as refused:
        read_sheet(content, None)
    assert len(refused.value.faults) == 1


def test_another_layout_names_the_missing_columns() -> None:
    """In the first row, where the headings stand."""

    def change(sheet: Any) -> None:
        sheet["F1"], sheet["G1"] = "分类", "期限"

    with pytest.raises(SheetRefused) as refused:
        read_sheet(changed(change), None)
    assert {(one.row, one.column) for one in refused.value.faults} == {
        (1, "类别"),
        (1, "保管期限"),
    }


def test_a_row_finds_its_place() -> None:
    """Moving up, moving down, and a new row in the middle keep the numbers without gaps."""
    draft = copy_as_draft(in_force(), None)
    names = list(draft.rules.order_by("position").values_list("description", flat=True))

    def order() -> list[str]:
        rules = list(draft.rules.order_by("position"))
        assert [rule.position for rule in rules] == list(range(1, len(rules) + 1))
        return [rule.description for rule in rules]

    last = draft.rules.order_by("-position")[0]
    last.position = 2
    place(last)
    assert order() == [names[0], names[-1], *names[1:-1]]
    last.position = 99
    place(last)
    assert order() == names
    place(
        ScopeRule(
            table=draft, position=3, kind="news", description="新行", files=False, clause="无"
        )
    )
    assert order() == [*names[:2], "新行", *names[2:]]


@pytest.fixture
def archivist(client: Client) -> Any:
    """A signed-in archivist."""
    user = make_user("archivist", unit=company())
    client.force_login(user)
    return user


def test_from_upload_to_in_force(client: Client, archivist: Any) -> None:
    """Upload, effect, approval; the new version proposes from then on."""

    def change(sheet: Any) -> None:
        for row in sheet.iter_rows(min_row=2):
            if row[0].value == "通知公告" and row[6].value == "10年":
                row[6].value = "30年"

    upload = SimpleUploadedFile("归档范围.xlsx", changed(change))
    response = client.post("/archives/scope/upload/", {"sheet": upload, "remark": ""}, follow=True)
    assert response.redirect_chain[-1][0].endswith("/simulation/")
    number = ScopeTable.objects.order_by("-number")[0].number
    assert client.post(f"/archives/scope/{number}/in-force/", {"mandate": ""}).status_code == 422
    assert in_force().number != number
    client.post(f"/archives/scope/{number}/in-force/", {"mandate": "沁岚档〔2026〕2号"})
    assert in_force().number == number
    assert client.get(f"/archives/scope/{number}/").status_code == 200
    assert client.get(f"/archives/scope/{number}/download/").content.startswith(b"PK")


def test_a_refused_sheet_says_where(client: Client, archivist: Any) -> None:
    """With status 422 and a table of row, column and problem."""

    def change(sheet: Any) -> None:
        sheet["G7"] = "长期"

    upload = SimpleUploadedFile("归档范围.xlsx", changed(change))
    response = client.post("/archives/scope/upload/", {"sheet": upload})
    assert response.status_code == 422
    page = response.content.decode()
    for words in ("未导入任何内容", "保管期限", "长期"):
        assert words in page


def test_rows_are_edited_in_a_draft_only(client: Client, archivist: Any) -> None:
    """A version in force answers 409 to every change."""
    table = in_force()
    rule = table.rules.filter(files=True)[0]
    fields = {
        "position": 1,
        "kind": rule.kind,
        "description": "改过的行",
        "clause": "条款",
        "files": "on",
        "archive_class": rule.archive_class_id,
        "period": "Y",
    }
    address = f"/archives/scope/{table.number}/rows/{rule.pk}/"
    assert client.post(address, fields).status_code == 409
    client.post(f"/archives/scope/{table.number}/copy/")
    draft = ScopeTable.objects.order_by("-number")[0]
    own = draft.rules.get(position=rule.position)
    base = f"/archives/scope/{draft.number}/rows"
    assert client.get(f"{base}/{own.pk}/").status_code == 200
    assert client.post(f"{base}/{own.pk}/", {**fields, "period": ""}).status_code == 422
    client.post(f"{base}/{own.pk}/", fields)
    assert draft.rules.get(position=1).description == "改过的行"
    client.post(f"{base}/{own.pk}/remove/")
    assert not draft.rules.filter(pk=own.pk).exists()
    assert client.get(f"{base}/new/").status_code == 200
    client.post(f"{base}/new/", {**fields, "position": 2, "description": "新增的行"})
    assert draft.rules.get(position=2).description == "新增的行"


@pytest.mark.parametrize("code", [code for code in EVERY_ROLE if code != "archivist"])
def test_nobody_else_changes_the_table(code: str, client: Client) -> None:
    """Not by any address."""
    draft = copy_as_draft(in_force(), None)
    before = rows_of(draft)
    rule = draft.rules.order_by("position")[0]
    branch = make_branch()
    client.force_login(make_user(code, unit=branch))
    base = f"/archives/scope/{draft.number}"
    for address in (
        f"{base}/copy/",
        f"{base}/settings/",
        f"{base}/defaults/",
        f"{base}/rows/new/",
        f"{base}/rows/{rule.pk}/",
        f"{base}/rows/{rule.pk}/remove/",
        f"{base}/in-force/",
        "/archives/scope/upload/",
    ):
        assert client.post(address, {"mandate": "x"}).status_code == 403, address
    # The effect of a table names titles of records of every unit.
    expected = 200 if code == "discipline_auditor" else 403
    assert client.get(f"{base}/simulation/").status_code == expected
    assert rows_of(draft) == before
    assert ScopeTable.objects.count() == 2


def test_a_problem_behind_a_blank_row_is_named_where_it_stands() -> None:
    """Rows are counted as Excel shows them."""

    def change(sheet: Any) -> None:
        sheet.insert_rows(5)
        sheet["G9"] = "长期"

    with pytest.raises(SheetRefused) as refused:
        read_sheet(changed(change), None)
    assert (9, "保管期限") in {(one.row, one.column) for one in refused.value.faults}


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    """In the download, and again after the upload."""
    draft = copy_as_draft(in_force(), None)
    draft.rules.filter(position=1).update(description="=1+1")
    sheet = openpyxl.load_workbook(io.BytesIO(write_sheet(draft))).active
    assert (sheet["D2"].value, sheet["D2"].data_type) == ("=1+1", "s")
    assert rows_of(read_sheet(write_sheet(draft), None))[0][4] == "=1+1"


def test_cancel_leads_back(client: Client, archivist: Any) -> None:
    """From the question before a row is removed."""
    draft = copy_as_draft(in_force(), None)
    rule = draft.rules.order_by("position")[0]
    page = client.get(f"/archives/scope/{draft.number}/rows/{rule.pk}/remove/").content.decode()
    assert f'href="/archives/scope/{draft.number}/"' in page
