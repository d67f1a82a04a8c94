"""The calendar page, its sheet, and the import with every fault by row and column."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from portal.roles.table import ROLES
from portal.spreadsheets import saved
from portal.workdays.models import CalendarDay, CalendarYear
from portal.workdays.published import PublishedDay
from portal.workdays.sheets import read_sheet, write_sheet
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

HEADER = ("日期", "类型", "名称")


def sheet(*rows: tuple[Any, ...], header: tuple[Any, ...] = HEADER) -> bytes:
    workbook = Workbook()
    assert workbook.active is not None
    for row in (header, *rows):
        workbook.active.append(row)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def whole_year() -> bytes:
    first = datetime.date(2027, 1, 1)
    days = [first + datetime.timedelta(days=number) for number in range(13)]
    return sheet(*((day, "休", "元旦") for day in days), ("2027年1月17日", "班", "元旦调休"))


def signed_in(*roles: str) -> Client:
    client = Client()
    client.force_login(make_user(*roles))
    return client


def upload(client: Client, content: bytes, **changes: Any) -> Any:
    data = {
        "year": "2027",
        "source": "国办发明电〔2026〕9号",
        "sheet": SimpleUploadedFile("2027.xlsx", content),
        **changes,
    }
    return client.post("/workdays/import/", data)


def test_everybody_who_is_signed_in_reads_the_calendar() -> None:
    assert Client().get("/workdays/2026/").status_code == 302
    response = signed_in().get("/workdays/2026/")
    text = response.content.decode()
    assert "248" in text
    assert text.count('class="month"') == 12
    assert text.count('<span class="month__mark">休</span>') == 33
    assert text.count('<span class="month__mark">班</span>') == 6
    assert "尚未公布" not in text
    assert "导入" not in text
    assert signed_in().get("/workdays/", follow=True).status_code == 200


def test_a_year_without_a_calendar_says_so() -> None:
    text = signed_in().get("/workdays/2027/").content.decode()
    assert "尚未公布" in text
    assert "估算" in text
    for path in ("/workdays/1900/", "/workdays/3000/", "/workdays/99999/sheet/"):
        assert signed_in().get(path).status_code == 404


def test_the_page_costs_the_same_with_and_without_days() -> None:
    client = signed_in()
    counts = []
    for year in (2027, 2026):
        client.get(f"/workdays/{year}/")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/workdays/{year}/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("code", sorted(ROLES))
def test_only_the_system_administrator_imports(code: str) -> None:
    client = signed_in(code)
    expected = 200 if code == "system_administrator" else 403
    assert client.get("/workdays/import/").status_code == expected
    assert upload(client, whole_year()).status_code == expected
    if expected == 403:
        assert client.post("/workdays/import/", {"confirmed": "x"}).status_code == 403
        assert "导入" not in client.get("/workdays/2026/").content.decode()


def sealed_in(response: Any) -> str:
    sealed: str = response.context["sealed"]
    return sealed


def test_a_sheet_is_previewed_and_then_written() -> None:
    client = signed_in("system_administrator")
    response = upload(client, whole_year())
    assert response.status_code == 200
    text = response.content.decode()
    assert "2027年1月17日" in text
    assert not CalendarYear.objects.filter(year=2027).exists()

    done = client.post("/workdays/import/", {"confirmed": sealed_in(response)}, follow=True)

    assert done.status_code == 200
    year = CalendarYear.objects.get(year=2027)
    assert year.source == "国办发明电〔2026〕9号"
    assert year.imported_by
    rows = CalendarDay.objects.filter(date__year=2027)
    assert [row.kind for row in rows] == ["holiday"] * 13 + ["working"]
    # Once more with one day less: the preview tells what goes.
    fewer = upload(
        client, sheet(*((datetime.date(2027, 1, n), "休", "元旦") for n in range(1, 13)))
    )
    assert fewer.context["changes"] == 2
    assert fewer.context["warnings"]


def test_a_changed_or_old_preview_writes_nothing(time_machine: Any) -> None:
    time_machine.move_to("2026-11-21 08:00+08:00")
    client = signed_in("system_administrator")
    sealed = sealed_in(upload(client, whole_year()))
    for wrong in (sealed[:-2] + "xx", ""):
        response = client.post("/workdays/import/", {"confirmed": wrong})
        assert response.status_code == 409
        assert "重新选择" in response.content.decode()
    time_machine.move_to("2026-11-21 21:00+08:00")
    client = signed_in("system_administrator")
    assert client.post("/workdays/import/", {"confirmed": sealed}).status_code == 409
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("2027-02-30", "休", "春节"), "第3行A列：“2027-02-30”不是日期"),
        ((datetime.date(2026, 1, 1), "休", "元旦"), "第3行A列：2026-01-01不属于2027年"),
        ((datetime.date(2027, 1, 1), "休", "元旦"), "第3行A列：2027-01-01在第2行已经出现"),
        ((datetime.date(2027, 1, 2), "放假", "元旦"), "第3行B列：“放假”既不是“休”"),
        ((datetime.date(2027, 1, 4), "班", "元旦"), "第3行B列：2027-01-04不是周六"),
        ((datetime.date(2027, 1, 2), "休", ""), "第3行C列：缺少节日名称"),
        ((datetime.date(2027, 1, 2), "休", "长" * 61), "第3行C列：名称超过60个字"),
        ((None, None, "元旦"), "第3行A列"),
    ],
)
def test_every_fault_is_named_by_row_and_column(row: tuple[Any, ...], problem: str) -> None:
    client = signed_in("system_administrator")
    response = upload(client, sheet((datetime.date(2027, 1, 1), "休", "元旦"), row))
    text = response.content.decode()
    assert response.status_code == 422
    assert problem in text
    assert "国办发明电〔2026〕9号" in text, "what was typed is still there"
    assert not CalendarDay.objects.filter(date__year=2027).exists()


def test_all_faults_are_told_at_once() -> None:
    found = read_sheet(sheet(("x", "y", ""), ("2027-01-01", "休", "元旦"), ("", "z", "a")), 2027)
    assert [str(fault)[:5] for fault in found.faults] == [
        *("第2行A列", "第2行B列", "第2行C列", "第4行A列", "第4行B列")
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"not a workbook", "不是 Excel 工作簿"),
        (sheet(header=("日期", "名称", "类型")), "第1行B列：应为“类型”，实为“名称”"),
        (sheet(header=("日期",)), "第1行B列：应为“类型”，实为“”"),
        (sheet(), "没有任何日期"),
        (sheet(*[("2027-01-01", "休", "x")] * 402), "超过400行"),
        (b"", "空的"),
        (b"x" * (1024 * 1024 + 1), "超过 1 MB"),
    ],
)
def test_a_sheet_of_the_wrong_layout_is_refused(content: bytes, problem: str) -> None:
    response = upload(signed_in("system_administrator"), content)
    assert response.status_code == 422
    assert problem in response.content.decode()


def test_a_bomb_is_no_calendar() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (30 * 1024 * 1024))
    response = upload(signed_in("system_administrator"), target.getvalue())
    assert response.status_code == 422


def test_the_name_of_a_holiday_is_never_computed() -> None:
    day = PublishedDay(datetime.date(2027, 1, 1), "holiday", "=1+1")
    content = saved(write_sheet([day])).read()
    cell = load_workbook(io.BytesIO(content)).worksheets[0]["C2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    assert read_sheet(content, 2027).days == [day]


@pytest.mark.parametrize("year", ["", "abc", "20270", "1800"])
def test_a_wrong_year_is_refused_and_the_source_is_kept(year: str) -> None:
    response = upload(signed_in("system_administrator"), whole_year(), year=year)
    assert response.status_code == 422
    assert "国办发明电〔2026〕9号" in response.content.decode()


def test_the_sheet_that_is_downloaded_can_be_imported() -> None:
    client = signed_in("system_administrator")
    content = client.get("/workdays/2026/sheet/").getvalue()
    found = read_sheet(content, 2026)
    assert found.faults == []
    assert len(found.days) == 39
    first = load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.value for cell in first[1]] == list(HEADER)
    same = upload(client, content, year="2026")
    assert same.context["changes"] == 0


@pytest.mark.parametrize("code", ["system_administrator", "security_administrator", "archivist"])
def test_the_admin_menu_leads_the_system_administrator_there(code: str) -> None:
    shown = '"url": "/workdays/"' in signed_in(code).get("/admin/").content.decode()
    assert shown == (code == "system_administrator")
