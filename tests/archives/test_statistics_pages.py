"""Dashboard and statistics: who sees whose numbers, equal queries, Excel, the expected filings."""

from __future__ import annotations

import datetime
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from portal.archives.models import ExpectedFiling, FixityFault, PoolItem, RecordState
from portal.organizations.models import Unit, UnitKind
from portal.roles.table import ROLES
from tests.factories.archives import bare_record
from tests.factories.organizations import make_branch, make_unit
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PAGES = ("/archives/office/", "/archives/statistics/", "/archives/statistics/excel/")
EVERYTHING = {
    *("archivist", "discipline_auditor", "party_staff", "party_approver", "union_staff"),
    *("union_chair", "veterans_officer"),
}
OWN_UNITS = {"part_time_archivist", "organization_member", "branch_secretary"}


def signed_in(*roles: str, unit: Unit | None = None) -> Client:
    client = Client()
    client.force_login(make_user(*roles, unit=unit))
    return client


@pytest.fixture
def world() -> tuple[Unit, Unit]:
    """Two branches: the first has 2 records, 1 overdue, 1 controlled; the second has 4."""
    first, second = make_branch("采煤一队党支部", "FIRST"), make_branch("选煤厂党支部", "SECOND")
    bare_record(unit=first, subkind="theme-day", title="甲队活动")
    late = bare_record(unit=first, subkind="theme-day", access_level="controlled", title="受控活动")
    for record in (late, *(bare_record(unit=second, title="乙队活动") for _number in range(4))):
        PoolItem.objects.create(
            record=record,
            entered_at=timezone.now(),
            due_on=timezone.localdate() - datetime.timedelta(days=2),
        )
    bare_record(unit=None)
    return first, second


def pool_number(client: Client, **parameters: str) -> int:
    response = client.get("/archives/office/", parameters)
    assert response.status_code == 200
    number: int = response.context["life_cycle"].pool
    return number


@pytest.mark.parametrize("code", sorted(ROLES))
@pytest.mark.parametrize("path", [*PAGES, "/archives/statistics/expected/"])
def test_who_may_open_the_pages(code: str, path: str) -> None:
    status = signed_in(code, unit=make_branch()).get(path).status_code
    assert status == (200 if code in EVERYTHING | OWN_UNITS else 403)
    if status == 403:
        assert Client().get(path).status_code == 302


@pytest.mark.parametrize(
    ("code", "pool", "overdue", "titles"),
    [
        ("archivist", 7, 5, {"受控活动", "乙队活动"}),
        ("discipline_auditor", 7, 5, {"受控活动", "乙队活动"}),
        ("party_staff", 6, 4, {"乙队活动"}),
        ("part_time_archivist", 1, 0, set()),
        ("organization_member", 1, 0, set()),
        ("branch_secretary", 1, 0, set()),
    ],
)
def test_the_exact_numbers_and_titles_of_each_role(
    world: tuple[Unit, Unit], code: str, pool: int, overdue: int, titles: set[str]
) -> None:
    response = signed_in(code, unit=world[0]).get("/archives/office/")
    found = response.context["life_cycle"]
    assert (found.pool, found.overdue) == (pool, overdue)
    assert {record.title for record in response.context["overdue"]} == titles
    assert (found.damaged is not None) == (code in ("archivist", "discipline_auditor"))


def test_open_records_of_other_units_are_read_but_not_counted(world: tuple[Unit, Unit]) -> None:
    bare_record(unit=world[1], access_level="open")
    assert pool_number(signed_in("branch_secretary", unit=world[0])) == 1
    assert pool_number(signed_in("archivist")) == 8


@pytest.mark.parametrize("code", sorted(OWN_UNITS))
def test_a_unit_outside_the_own_ones_cannot_be_picked(world: tuple[Unit, Unit], code: str) -> None:
    client = signed_in(code, unit=world[0])
    for path in PAGES[:2]:
        response = client.get(path, {"unit": "SECOND"})
        text = response.content.decode()
        assert "没有代码为“SECOND”的单位" in text
        assert "选煤厂党支部" not in text
        assert "乙队活动" not in text
    assert pool_number(client, unit="SECOND") == 1
    book = load_workbook(io.BytesIO(client.get(PAGES[2], {"unit": "SECOND"}).getvalue()))
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert "选煤厂党支部" not in cells
    assert "采煤一队党支部" in cells


def test_units_below_belong_to_the_unit_above(world: tuple[Unit, Unit]) -> None:
    committee = make_unit(UnitKind.PARTY_COMMITTEE)
    branch = make_branch(parent=committee)
    bare_record(unit=branch)
    assert pool_number(signed_in("part_time_archivist", unit=committee)) == 1
    archivist = signed_in("archivist")
    assert pool_number(archivist, unit=committee.code) == 1
    assert pool_number(archivist, unit="FIRST") == 2


def test_the_statistics_list_exactly_the_own_units(world: tuple[Unit, Unit]) -> None:
    def units(client: Client) -> set[str]:
        response = client.get("/archives/statistics/")
        return {result.unit.name for result in response.context["filings"].units}

    assert units(signed_in("branch_secretary", unit=world[0])) == {"采煤一队党支部"}
    assert units(signed_in("archivist")) == {"采煤一队党支部", "选煤厂党支部"}


@pytest.mark.parametrize(
    "parameters",
    [
        {"year": "abc"},
        {"year": "99999999999999"},
        {"year": "１"},
        {"year": "000002026123456"},
        {"year": "2999"},
        {"year": "0000"},
    ],
)
def test_a_year_that_is_none_is_said(parameters: dict[str, str]) -> None:
    client = signed_in("archivist")
    for path in PAGES[:2]:
        response = client.get(path, parameters)
        assert response.status_code == 200
        assert "不是有效的年份" in response.content.decode()
    assert client.get(PAGES[2], parameters).status_code == 200


def test_damaged_files_are_counted(world: tuple[Unit, Unit]) -> None:
    now = timezone.now()
    FixityFault.objects.create(path="a/b", problem="stray", found_at=now, seen_at=now)
    FixityFault.objects.create(
        path="a/c", problem="stray", found_at=now, seen_at=now, closed_at=now
    )
    response = signed_in("archivist").get("/archives/office/")
    assert response.context["life_cycle"].damaged == 1
    assert "损坏的文件" in response.content.decode()


def grow(units: int, records: int) -> None:
    for _unit in range(units):
        branch = make_branch()
        for number in range(records):
            record = bare_record(
                unit=branch,
                subkind="theme-day",
                state=RecordState.ACCEPTED if number % 2 else RecordState.POOL,
                class_code="DQ02" if number % 2 else "",
                period="D10" if number % 2 else "",
            )
            PoolItem.objects.create(
                record=record,
                entered_at=timezone.now(),
                due_on=datetime.date(2026, 1, 5),
                return_count=1,
                return_reason="class",
            )


@pytest.mark.parametrize("path", [*PAGES, "/archives/statistics/expected/"])
@pytest.mark.parametrize("code", ["archivist", "branch_secretary"])
def test_the_number_of_queries_does_not_grow(path: str, code: str) -> None:
    committee = make_unit(UnitKind.PARTY_COMMITTEE)
    client = signed_in(code, unit=committee)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    grow(2, 3)
    queries()
    few = queries()
    grow(6, 6)
    assert queries() == few
    assert few <= 30


def test_units_are_paged(world: tuple[Unit, Unit]) -> None:
    for _number in range(22):
        make_branch()
    client = signed_in("archivist")
    first = client.get("/archives/statistics/")
    assert len(first.context["page_obj"].object_list) == 20
    last = client.get("/archives/statistics/?page=2&year=2026")
    assert len(last.context["page_obj"].object_list) == 4
    assert client.get("/archives/statistics/?page=x").status_code == 200


def test_every_chart_has_a_table_and_no_inline_style(world: tuple[Unit, Unit]) -> None:
    client = signed_in("archivist")
    for path in PAGES[:2]:
        text = client.get(path).content.decode()
        assert text.count("<figure") >= 2
        assert len(re.findall(r'<svg class="chart__drawing"[^>]*role="img"', text)) == text.count(
            "chart__table"
        )
        assert " style=" not in text
        identifiers = re.findall(r'\bid="([^"]+)"', text)
        assert len(identifiers) == len(set(identifiers))


def test_the_workbook_has_every_table(world: tuple[Unit, Unit]) -> None:
    response = signed_in("archivist").get("/archives/statistics/excel/", {"year": "2026"})
    assert response["Content-Disposition"] == 'attachment; filename="archive-statistics-2026.xlsx"'
    book = load_workbook(io.BytesIO(response.getvalue()))
    assert book.sheetnames == [
        *("说明", "完整率", "应归档与已归档", "归档时效", "退回次数", "格式", "年报", "保管状况")
    ]
    completeness = list(book["完整率"].iter_rows(values_only=True))
    assert [row[1] for row in completeness[1:]] == ["采煤一队党支部", "选煤厂党支部"]
    assert "主题党日" in str(completeness[1][-1])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(start: str) -> None:
    make_branch(f"{start}cmd|' /C calc'!A0")
    content = signed_in("archivist").get("/archives/statistics/excel/").getvalue()
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


def test_the_doors_lead_there() -> None:
    text = signed_in("archivist").get("/archives/office/").content.decode()
    for path in ("/archives/office/", "/archives/statistics/"):
        assert f'href="{path}"' in text
    # Working days stand among the rules of filing, a group that is opened from its name.
    assert 'href="/workdays/"' in signed_in("archivist").get("/archives/scope/").content.decode()
    secretary = signed_in("branch_secretary", unit=make_branch()).get("/archives/office/")
    assert 'href="/workdays/"' not in secretary.content.decode()


# ---- the table of expected filings

ROW = {
    "what": "activity/safety-activity",
    "unit_kind": "party-branch",
    "count": "1",
    "interval": "month",
    "clause": "本单位规定第三条",
}
TABLE = "/archives/statistics/expected/"


@pytest.mark.parametrize("code", sorted(ROLES))
def test_only_the_archivist_keeps_the_table(code: str) -> None:
    client = signed_in(code, unit=make_branch())
    filing = ExpectedFiling.objects.get(subkind="theme-day")
    expected = 200 if code == "archivist" else 403
    for path in (f"{TABLE}add/", f"{TABLE}{filing.pk}/", f"{TABLE}{filing.pk}/remove/"):
        assert client.get(path).status_code == expected
    if expected == 403:
        assert client.post(f"{TABLE}add/", ROW).status_code == 403
        assert client.post(f"{TABLE}{filing.pk}/remove/").status_code == 403
        assert ExpectedFiling.objects.count() == 4
        assert f"{TABLE}add/" not in client.get(TABLE).content.decode()


def test_a_row_is_added_changed_and_removed() -> None:
    client, branch = signed_in("archivist"), make_branch()
    assert client.post(f"{TABLE}add/", ROW).status_code == 302
    row = ExpectedFiling.objects.get(subkind="safety-activity")
    assert (row.kind, row.clause) == ("activity", "本单位规定第三条")
    page = client.get(f"{TABLE}{row.pk}/").content.decode()
    assert 'value="activity/safety-activity" selected' in page
    changed = {**ROW, "count": "2", "interval": "quarter", "excepted_units": [branch.pk]}
    assert client.post(f"{TABLE}{row.pk}/", changed).status_code == 302
    row.refresh_from_db()
    assert (row.count, row.interval, list(row.excepted_units.all())) == (2, "quarter", [branch])
    assert branch.name in client.get(TABLE).content.decode()
    assert client.post(f"{TABLE}{row.pk}/remove/").status_code == 302
    assert not ExpectedFiling.objects.filter(subkind="safety-activity").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"what": "activity/theme-day"}, "已有一行"),
        ({"what": "nothing/x"}, "nothing/x"),
        ({"count": "0"}, "1"),
        ({"count": "999"}, "50"),
        ({"clause": ""}, "必填"),
        ({"interval": "day"}, "day"),
    ],
)
def test_a_wrong_row_is_refused_with_what_was_typed(change: dict[str, str], words: str) -> None:
    response = signed_in("archivist").post(f"{TABLE}add/", {**ROW, **change})
    text = response.content.decode()
    assert response.status_code == 422
    assert words in text
    if "clause" not in change:
        assert "本单位规定第三条" in text
    assert ExpectedFiling.objects.count() == 4
