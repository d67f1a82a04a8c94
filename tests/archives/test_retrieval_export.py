"""The catalogue as a workbook holds the found records, all of them, and no formula."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from portal.archives.models import PageCount, Record
from portal.archives.retrieval import exports
from tests.archives.found_records import make_record
from tests.factories.organizations import make_branch
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def exported(user: Any, **asked: str) -> list[tuple[Any, ...]]:
    """The rows of the workbook an account gets."""
    client = Client()
    client.force_login(user)
    response: Any = client.get(reverse("archive_export"), asked)
    assert response.status_code == 200, response.content
    assert response["Cache-Control"] == "private, no-store"
    content = io.BytesIO(b"".join(response.streaming_content))
    sheet = load_workbook(content).worksheets[0]
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type != "f", cell.value
    return list(sheet.iter_rows(values_only=True))


@pytest.fixture
def archivist() -> Any:
    return make_user("archivist")


def test_the_catalogue_has_the_columns_and_values_of_the_standard(archivist):
    unit = make_branch("甲队党支部")
    record = make_record(
        "学习安全生产法",
        unit=unit,
        kind="policy",
        archive_code="Q001-WS·2026-Y-DQ01-0001",
        reference="沁岚党发〔2026〕7号",
        business_date=datetime.date(2026, 3, 5),
        late=True,
        access_level="open",
    )
    PageCount.objects.create(record=record, pages=3)

    head, row = exported(archivist, kind="policy")

    assert head == (
        *("序号", "档号", "文号", "责任者", "题名", "日期", "密级/控制标识", "页数", "备注"),
    )
    assert row == (
        *(1, "Q001-WS·2026-Y-DQ01-0001", "沁岚党发〔2026〕7号", "甲队党支部", "学习安全生产法"),
        *("20260305", "公开", 3, "补录"),
    )


@pytest.mark.parametrize(
    "title", ["=1+1", "=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "甲\x01乙"]
)
def test_no_title_becomes_a_formula(archivist, title):
    make_record(title, kind="policy")

    rows = exported(archivist, kind="policy")

    assert rows[1][4] == title.replace("\x01", "")


@pytest.mark.parametrize(
    "asked", [{"kind": "policy"}, {"late": "1"}, {"kind": "policy", "order": "code"}]
)
def test_every_found_record_is_exported_in_the_order_of_the_list(archivist, asked):
    Record.objects.update(late=False)
    for number in range(45):
        make_record(
            f"第{number:02d}件",
            kind="policy",
            late=True,
            archive_code=f"Q001-{number:04d}",
            business_date=datetime.date(2015 + number // 5, 1, 1 + number % 5),
        )

    titles = [row[4] for row in exported(archivist, **asked)[1:]]

    newest = [f"第{number:02d}件" for number in reversed(range(45))]
    assert titles == (newest[::-1] if "order" in asked else newest)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("archivist", {"甲", "乙", "公开", "控制"}),
        ("party_staff", {"甲", "乙", "公开"}),
        ("branch_secretary", {"甲", "公开"}),
        ("employee", set()),
    ],
)
def test_only_visible_records_are_exported(role, expected):
    own, other = make_branch("甲队党支部"), make_branch("乙队党支部")
    make_record("甲", unit=own, kind="policy")
    make_record("乙", unit=other, kind="policy")
    make_record("公开", unit=other, kind="policy", access_level="open")
    make_record("控制", unit=own, kind="policy", access_level="controlled")

    rows = exported(make_user(role, unit=own), kind="policy")

    assert {row[4] for row in rows[1:]} == expected


def test_too_many_records_are_refused_with_what_to_do(archivist, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    for _ in range(3):
        make_record(kind="policy")
    client = Client()
    client.force_login(archivist)

    response = client.get(reverse("archive_export"), {"kind": "policy"})

    assert response.status_code == 422
    assert "一个工作簿最多容纳 2 件" in response.content.decode()


def test_bad_conditions_export_nothing_but_lead_to_the_form(archivist):
    client = Client()
    client.force_login(archivist)

    response: Any = client.get(reverse("archive_export"), {"year_from": "x"})

    assert response.status_code == 302
    assert response.url == f"{reverse('archive_records')}?year_from=x"
