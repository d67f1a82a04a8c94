"""Catalogues with scans: everything wrong is named by row and column, nothing is half done."""

from __future__ import annotations

import datetime
import io
import os
import struct
import subprocess
import sys
import time
import uuid
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.archives import file_access, renders
from portal.archives.capture import capture_payload
from portal.archives.legacy import checking, reasons, scans, services
from portal.archives.legacy.columns import COLUMNS
from portal.archives.models import (
    FileRole,
    LedgerEntry,
    LegacyBatch,
    LegacyItem,
    LegacyScan,
    LegacyState,
    Outcome,
    PaperCopy,
    PoolItem,
    Record,
    RecordState,
    Render,
    RenderStatus,
)
from portal.archives.pool.intake import take_in_all
from portal.archives.refusals import AlreadyHandled, NotReady
from portal.archives.spreadsheets import read_table
from tests.archives.observation import assert_sound
from tests.factories import office_files
from tests.factories.organizations import make_branch, party_committee
from tests.factories.people import make_user
from tests.infrastructure.at_once import failures, together

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

HEADER = [column.name for column in COLUMNS]
PDF = office_files.pdf()
JPEG = office_files.picture()


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    """Files of their own for every test; nothing waits but what the test brings."""
    settings.LEGACY_ROOT, settings.ARCHIVE_ROOT = tmp_path / "legacy", tmp_path / "archive"
    settings.MEDIA_ROOT = tmp_path / "media"
    Render.objects.update(available_at=timezone.now() + datetime.timedelta(days=3650))


@pytest.fixture
def archivist():
    """The account that takes catalogues over; the unit of the rows exists."""
    party_committee()
    return make_user("archivist")


def row(number: int = 1, **cells: Any) -> dict[str, Any]:
    """One good row of a catalogue."""
    return {
        "number": number,
        "old_code": f"Q001-WS·2012-Y-DZB-{number:04d}",
        "reference": "测党发〔2012〕3号",
        "author": "中共测试能源有限公司委员会",
        "title": f"关于换届选举结果的批复（{number}）",
        "date": "20120315",
        "secrecy": "",
        "pages": 4,
        "remark": "",
        "year": 2012,
        "class": "DQ02",
        "period": "永久",
        "unit": "TEST-DW",
        "box": "2012-Y-01",
        "physical_form": "A4单面",
        "resolution": "300dpi",
        "color_model": "彩色",
        "compression": "JPEG",
        "files": f"{number:04d}.pdf",
        **cells,
    }


def catalogue(rows: list[dict[str, Any]]) -> bytes:
    """A catalogue as an Excel workbook."""
    table = [[line.get(column.key) for column in COLUMNS] for line in rows]
    return office_files.sheet([HEADER, *table])


def zip_of(rows: list[dict[str, Any]]) -> bytes:
    """The scans that the rows name."""
    return office_files.zipped(
        {name: PDF for line in rows for name in str(line["files"]).split(";")}
    )


def uploaded(user: Any, table: bytes, packed: bytes) -> LegacyBatch:
    """Upload a catalogue and its scans."""
    return services.upload(
        user,
        SimpleUploadedFile("目录.xlsx", table),
        SimpleUploadedFile("扫描件.zip", packed),
    )


def good_batch(user: Any, count: int = 3) -> LegacyBatch:
    """A batch that waits for its confirmation."""
    rows = [row(number) for number in range(1, count + 1)]
    batch = uploaded(user, catalogue(rows), zip_of(rows))
    assert batch.state == LegacyState.READY, batch.problems
    return batch


def problems_of(user: Any, table: bytes, packed: bytes) -> list[tuple[Any, str, str]]:
    """The problems of an upload: row, column, what it says."""
    batch = uploaded(user, table, packed)
    assert batch.state == LegacyState.REFUSED
    assert not LegacyItem.objects.exists()
    assert not Record.objects.filter(source_kind="legacy").exists()
    return [(found["row"], found["column"], found["message"]) for found in batch.problems]


# ---- The whole way


def test_a_catalogue_becomes_records_in_the_pool_with_what_it_proposes(archivist):
    rows = [row(1), row(2, files="0002.jpg;0002-2.TIF", period="30年", **{"class": "组织工作"})]
    packed = office_files.zipped(
        {"0001.pdf": PDF, "图像/0002.jpg": JPEG, "图像/0002-2.TIF": office_files.picture("TIFF")}
    )
    batch = uploaded(archivist, catalogue(rows), packed)
    assert (batch.state, batch.row_count, batch.file_count) == ("ready", 2, 3), batch.problems

    services.confirm(batch.pk)
    renders.work_all()
    take_in_all()

    batch.refresh_from_db()
    assert (batch.state, batch.imported_rows) == ("done", 2)
    first, second = Record.objects.filter(source_kind="legacy").order_by("title")
    assert (first.title, first.reference) == (rows[0]["title"], rows[0]["reference"])
    assert first.business_date == datetime.date(2012, 3, 15)
    assert (first.kind, first.late, first.year) == ("legacy", True, 2012)
    assert first.unit == party_committee()
    assert first.captured_by == archivist
    assert LedgerEntry.objects.get(record_id=first.pk, kind="late-capture")
    payload = capture_payload(first)
    assert payload["reason"] == "传统载体档案数字化成果补录"
    assert payload["content"]["fields"]["resolution"] == "300dpi"
    assert payload["process"][0]["account"] == archivist.pk
    assert [file.name for file in second.files.filter(role=FileRole.SCAN)] == [
        "0002.jpg",
        "0002-2.TIF",
    ]
    kept = second.files.filter(role=FileRole.SCAN).first()
    assert kept is not None and file_access.read(kept) == JPEG
    item = PoolItem.objects.select_related("archive_class").get(record=second)
    second.refresh_from_db()
    assert second.state == RecordState.POOL
    assert (item.archive_class_id, item.period) == ("DQ02", "D30")
    assert item.clause == "按目录第3行"
    assert PaperCopy.objects.get(record=first).box == "2012-Y-01"
    assert_sound()


def test_the_archive_copy_shows_the_catalogue_card(archivist):
    batch = good_batch(archivist, 1)
    services.confirm(batch.pk)
    renders.work_all()
    record = Record.objects.get(source_kind="legacy")
    html = file_access.read(record.files.get(role=FileRole.SNAPSHOT)).decode()
    for words in ("Q001-WS·2012-Y-DZB-0001", "300dpi", "A4单面", "0001.pdf", "永久"):
        assert words in html


def test_the_worker_removes_the_uploads_when_all_is_stored(archivist, settings):
    batch = good_batch(archivist)
    services.confirm(batch.pk)
    assert services.tidy() == 0, "the files are not in the store yet"
    renders.work_all()
    assert services.tidy() == 1
    assert not Path(batch.path("")).exists()
    assert not LegacyScan.objects.exclude(file="").exists()
    assert services.tidy() == 0
    assert_sound()


def test_the_four_property_checks_pass(archivist):
    from portal.archives.inspection.services import inspect

    services.confirm(good_batch(archivist, 1).pk)
    renders.work_all()
    take_in_all()
    record = Record.objects.get(source_kind="legacy")
    inspection = inspect(record)
    failed = [
        (result.code, result.evidence)
        for result in inspection.results.all()
        if result.outcome == Outcome.FAILED
    ]
    assert failed == []


# ---- Tables as people keep them


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2019-3-5", "2019-03-05"),
        ("20190305", "2019-03-05"),
        (20190305, "2019-03-05"),
        (20190305.0, "2019-03-05"),
        ("2019年3月5日", "2019-03-05"),
        ("２０１９年３月５日", "2019-03-05"),
        ("2019.03.05", "2019-03-05"),
        ("2019/3/5 ", "2019-03-05"),
        ("2019-03-05 00:00:00", "2019-03-05"),
        (datetime.date(2019, 3, 5), "2019-03-05"),
        (datetime.datetime(2019, 3, 5), "2019-03-05"),
    ],
)
def test_a_date_may_be_written_in_many_ways(written, read, archivist):
    line = row(date=written, year="２０１９年")
    batch = uploaded(archivist, catalogue([line]), zip_of([line]))
    assert batch.state == LegacyState.READY, batch.problems
    assert str(batch.items.get().document_date) == read


def test_merged_headers_title_rows_other_orders_and_merged_cells_are_understood(archivist):
    book = openpyxl.Workbook()
    page: Any = book.active
    page["A1"] = "归档文件目录（2012年）"
    page.merge_cells("A1:I1")
    for place, name in enumerate(
        [
            "文件名*",
            "题　名",
            "成文日期\n（8位数字）",
            "归档年度",
            "分类号",
            "期限",
            "单位",
            "盒号",
        ],
        1,
    ):
        page.cell(2, place, name)
        page.merge_cells(start_row=2, end_row=3, start_column=place, end_column=place)
    page["I2"] = "数字化属性"
    page.merge_cells("I2:J2")
    page["I3"], page["J3"] = "扫描分辨率", "扫描色彩模式"
    page.append(
        ["0001.pdf", "甲", "20120315", "2012", "dq02", "D30", "test-dw", "盒7", "300", "灰度"]
    )
    page.append(
        ["0002.PDF", "乙", "20120316", "2012", "DQ02", "永 久", "TEST-DW", None, "300", "灰度"]
    )
    page.append([None] * 10)
    page.merge_cells("H4:H5")
    target = io.BytesIO()
    book.save(target)
    packed = office_files.zipped({"0001.PDF": PDF, "0002.pdf": PDF})
    batch = uploaded(archivist, target.getvalue(), packed)
    assert batch.state == LegacyState.READY, batch.problems
    first, second = batch.items.order_by("row_number")
    assert (first.row_number, first.title, first.period, first.box) == (4, "甲", "D30", "盒7")
    assert (second.period, second.box, second.color_model) == ("Y", "盒7", "灰度")


def test_the_template_is_a_catalogue_with_one_example(archivist, client):
    client.force_login(archivist)
    body = client.get(reverse("archive_legacy_template")).getvalue()
    table = read_table(body, COLUMNS, 100)
    assert table.problems == []
    assert [line.cells["title"] for line in table.rows] == ["关于2012年度党支部换届选举结果的批复"]
    notes = openpyxl.load_workbook(io.BytesIO(body))["填写说明"]
    explained = {line[0].value for line in notes.iter_rows(min_row=2)}
    assert {column.name for column in COLUMNS} <= explained


# ---- Problems of the table


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"title": ""}, "题名", "缺少题名"),
        ({"title": "长" * 256}, "题名", "256"),
        ({"date": ""}, "日期", "缺少日期"),
        ({"date": "20190231"}, "日期", "20190231"),
        ({"date": "2019年3月"}, "日期", "2019年3月"),
        ({"date": "明年"}, "日期", "明年"),
        ({"date": "29990101"}, "日期", "29990101"),
        ({"date": 43000}, "日期", "43000"),
        ({"year": "12"}, "年度", "12"),
        ({"year": ""}, "年度", "缺少年度"),
        ({"year": 2013}, "年度", "2013"),
        ({"class": "ZZ99"}, "类别号", "ZZ99"),
        ({"class": ""}, "类别号", "空"),
        ({"period": "五年"}, "保管期限", "五年"),
        ({"period": ""}, "保管期限", "缺少保管期限"),
        ({"unit": "NO-SUCH"}, "单位代码", "NO-SUCH"),
        ({"secrecy": "机密"}, "密级", "涉密"),
        ({"pages": "四"}, "页数", "四"),
        ({"files": ""}, "文件名", "缺少扫描件"),
        ({"files": "0001.pdf;0001.PDF"}, "文件名", "两次"),
        ({"files": "0009.pdf"}, "文件名", "0009.pdf"),
        ({"old_code": "Q" * 81}, "原档号", "81"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(cells, column, words, archivist):
    rows = [row(1), row(2, **cells)]
    found = problems_of(archivist, catalogue(rows), zip_of([row(1), row(2)]))
    named = [(number, message) for number, place, message in found if place == column]
    assert {number for number, _message in named} == {3}, found
    assert words in named[0][1]


def test_all_problems_are_named_at_once(archivist):
    rows = [row(1, date="x", unit="y"), row(2, title=""), row(3, files="")]
    found = problems_of(archivist, catalogue(rows), zip_of([row(1)]))
    assert [(number, column) for number, column, _message in found] == [
        (2, "日期"),
        (2, "单位代码"),
        (3, "题名"),
        (3, "文件名"),
        (4, "文件名"),
    ]


def test_an_old_code_counts_once_in_the_table_and_ever(archivist):
    same = [row(1), row(2, old_code="Ｑ001-WS·2012-Y-DZB-0001")]
    found = problems_of(archivist, catalogue(same), zip_of(same))
    assert [(number, column) for number, column, _m in found] == [(3, "原档号")]
    assert "第2行" in found[0][2]

    LegacyBatch.objects.all().delete()
    services.confirm(good_batch(archivist, 1).pk)
    again = uploaded(archivist, catalogue([row(1)]), zip_of([row(1)]))
    assert again.state == LegacyState.REFUSED
    assert "已经入库" in again.problems[0]["message"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"no workbook", "不是 Excel 工作簿"),
        (office_files.zipped({"a.txt": "b"}), "不是 Excel 工作簿"),
        (office_files.ole2("Workbook"), "旧格式"),
        (office_files.sheet([["姓名", "电话"], ["甲", 1]]), "没有找到表头"),
        (office_files.sheet([[name for name in HEADER if name != "保管期限"], []]), "保管期限"),
        (office_files.sheet([[*HEADER, "标题"], []]), "出现两次"),
        (office_files.sheet([HEADER]), "没有内容"),
        (office_files.sheet([]), "没有找到表头"),
    ],
)
def test_a_table_of_the_wrong_layout_is_refused(table, words, archivist):
    found = problems_of(archivist, table, zip_of([row(1)]))
    assert words in found[0][2]


def test_a_table_of_too_many_rows_is_refused(archivist, monkeypatch):
    monkeypatch.setattr(checking, "MOST_ROWS", 3)
    rows = [row(number) for number in range(1, 6)]
    found = problems_of(archivist, catalogue(rows), zip_of(rows))
    assert "超过3行" in found[0][2]


# ---- Problems of the zip


def member(name: str, body: bytes = PDF, **fields: Any) -> bytes:
    """A zip with one member whose description is not what it should be."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        for field, value in fields.items():
            setattr(info, field, value)
        archive.writestr(info, body)
    return target.getvalue()


def encrypted() -> bytes:
    """A zip whose member says that it needs a password."""
    body = bytearray(member("0001.pdf"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = body.index(signature) + offset
        body[place : place + 2] = struct.pack("<H", 1)
    return bytes(body)


@pytest.mark.parametrize(
    ("packed", "words"),
    [
        (member("../0001.pdf"), "路径"),
        (member("/etc/0001.pdf"), "路径"),
        (member("C:\\0001.pdf"), "路径"),
        (member("a/../../0001.pdf"), "路径"),
        (encrypted(), "加密"),
        (member("0001.pdf", external_attr=0o120777 << 16), "链接"),
        (member("0001.zip", office_files.zipped({"0001.pdf": PDF})), "压缩包里又有压缩包"),
        (member("0001.rar", b"Rar!"), "压缩包里又有压缩包"),
        (member("0001.docx", office_files.docx()), "只收"),
        (member("0001.exe", b"MZ"), "只收"),
        (member("0001.pdf", b""), "空文件"),
        (member("0001.pdf", bytes(30 * 1024 * 1024)), "压缩炸弹"),
        (member("0001.pdf", JPEG), "不是 PDF"),
        (member("0001.jpg", PDF), "不是 JPG"),
        (member("0001.tif", JPEG), "不是 TIF"),
        (member("0001.pdf", b"\x00\x01\x02\x03"), "无法识别"),
        (member("0001.pdf", office_files.pdf(password="x")), "密码"),
        (member("0001.pdf", b"%PDF-1.4 and nothing more"), "无法打开"),
        (member("0001.jpg", JPEG[:40]), "无法打开"),
        (office_files.zipped({"a/0001.pdf": PDF, "b/0001.PDF": PDF}), "同名"),
        (office_files.zipped({"0001.pdf": PDF, "0002.pdf": PDF}), "目录中没有"),
        (zip_of([row(1)])[:-40], "不是 ZIP"),
    ],
)
def test_a_bad_zip_is_refused_and_nothing_of_it_stays_outside(packed, words, archivist, tmp_path):
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    found = problems_of(archivist, catalogue([row(1)]), packed)
    assert any(words in message for _row, _column, message in found), found
    made = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert all(path.is_relative_to(tmp_path / "legacy") for path in made)


def test_a_wrong_content_is_named_at_the_row_that_names_the_file(archivist):
    rows = [row(1), row(2)]
    packed = office_files.zipped({"0001.pdf": PDF, "0002.pdf": JPEG})
    assert [(number, column) for number, column, _m in problems_of(
        archivist, catalogue(rows), packed)] == [(3, "文件名")]  # fmt: skip


def test_a_file_of_another_ending_is_pointed_out(archivist):
    found = problems_of(archivist, catalogue([row(1)]), office_files.zipped({"0001.jpg": JPEG}))
    assert any("0001.pdf" in message and "0001.jpg" in message for _r, _c, message in found)


def test_a_damaged_member_is_named(archivist):
    body = bytearray(member("0001.pdf", b"%PDF-1.4 " + bytes(range(256)) * 40))
    body[200] ^= 0xFF
    found = problems_of(archivist, catalogue([row(1)]), bytes(body))
    assert any("损坏" in message for _r, _c, message in found), found


def test_names_in_gbk_and_droppings_of_other_systems_are_understood(archivist):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("XX.pdf", PDF)
        archive.writestr("__MACOSX/._XX.pdf", b"x")
        archive.writestr("Thumbs.db", b"x")
    gbk = "批复.pdf".encode("gbk")
    body = target.getvalue()
    assert len("批复".encode("gbk")) == 4
    longer = io.BytesIO()
    with zipfile.ZipFile(longer, "w") as archive:
        archive.writestr("XXXX.pdf", PDF)
        archive.writestr("Thumbs.db", b"x")
        archive.writestr("__MACOSX/._a.pdf", b"x")
    body = longer.getvalue().replace(b"XXXX.pdf", gbk)
    batch = uploaded(archivist, catalogue([row(1, files="批复.pdf")]), body)
    assert batch.state == LegacyState.READY, batch.problems


def test_two_rows_cannot_claim_one_file(archivist):
    rows = [row(1), row(2, files="0001.pdf")]
    found = problems_of(archivist, catalogue(rows), zip_of([row(1)]))
    assert [(number, column) for number, column, _m in found] == [(3, "文件名")]


def test_too_many_files_and_too_many_bytes_are_not_even_unpacked(archivist, monkeypatch):
    monkeypatch.setattr(scans, "MOST_FILES", 1)
    rows = [row(1), row(2)]
    found = problems_of(archivist, catalogue(rows), zip_of(rows))
    assert any("超过1个文件" in message for _r, _c, message in found)


# ---- Corrections, decisions, two people at once


def test_a_corrected_catalogue_is_checked_without_the_scans_again(archivist, monkeypatch):
    rows = [row(1), row(2, date="?")]
    batch = uploaded(archivist, catalogue(rows), zip_of(rows))
    assert batch.state == LegacyState.REFUSED

    def never(*arguments: Any) -> None:
        raise AssertionError("unpacked again")

    monkeypatch.setattr(checking, "unpack", never)
    right = [row(1), row(2)]
    table = SimpleUploadedFile("目录2.xlsx", catalogue(right))
    batch = services.replace_catalogue(batch.pk, archivist, table)
    assert batch.state == LegacyState.READY, batch.problems


def test_a_batch_is_decided_once(archivist):
    batch = good_batch(archivist)
    services.confirm(batch.pk)
    for again in (services.confirm, services.discard):
        with pytest.raises(AlreadyHandled):
            again(batch.pk)
    assert Record.objects.filter(source_kind="legacy").count() == 3


def test_a_discarded_batch_leaves_no_file(archivist):
    batch = good_batch(archivist)
    services.discard(batch.pk)
    assert not Path(batch.path("")).exists()
    assert not LegacyItem.objects.exists()
    with pytest.raises(AlreadyHandled):
        services.confirm(batch.pk)


def test_uploads_that_never_became_a_batch_are_removed_after_a_day(archivist, settings):
    batch = good_batch(archivist, 1)
    stray = Path(settings.LEGACY_ROOT) / uuid.uuid4().hex
    fresh = Path(settings.LEGACY_ROOT) / uuid.uuid4().hex
    for folder in (stray, fresh):
        folder.mkdir()
    long_ago = time.time() - 2 * services.STRAY_SECONDS
    os.utime(stray, (long_ago, long_ago))
    os.utime(batch.path(""), (long_ago, long_ago))
    services.tidy()
    assert not stray.exists()
    assert fresh.exists() and Path(batch.path("")).exists()


def test_of_two_catalogues_with_one_code_the_second_confirmed_is_refused(archivist):
    first = good_batch(archivist, 1)
    second = good_batch(archivist, 2)
    services.confirm(first.pk)
    with pytest.raises(NotReady, match="Q001-WS·2012-Y-DZB-0001"):
        services.confirm(second.pk)
    assert Record.objects.filter(source_kind="legacy").count() == 1
    assert_sound()


def test_the_chain_lock_is_taken_last_and_once(archivist):
    """Whoever holds it writes nothing but the ledger, so nobody waits for hundreds of updates."""
    batch = good_batch(archivist)
    with CaptureQueriesContext(connection) as captured:
        services.confirm(batch.pk)
    said = [query["sql"].replace('"', "") for query in captured.captured_queries]
    first = next(number for number, sql in enumerate(said) if "INTO archives_ledgerentry" in sql)
    after = said[first : said.index("COMMIT", first)]
    assert [sql[:60] for sql in after if sql.startswith("UPDATE")] == []
    assert sum("INTO archives_ledgerentry" in sql for sql in after) == 1
    assert LedgerEntry.objects.filter(kind="paper").count() == 3
    assert_sound()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left"), "磁盘已满"),
        (checking.NoSpace(28, "9 bytes are needed"), "磁盘已满"),
        (FileNotFoundError(2, "gone"), "暂时无法读取"),
        (OperationalError("locked"), "数据库"),
        (ValueError("odd"), "日志"),
    ],
)
def test_why_the_work_stopped_is_said_in_words(error, words):
    code = reasons.reason_of(error)
    assert words in reasons.reason_words(code)
    assert str(error) not in reasons.reason_words(f"{type(error).__name__}: {error}")
    assert reasons.reason_words("") == ""


def test_two_confirmations_at_once_take_over_once(archivist):
    batch = good_batch(archivist)
    results = together(*[partial(services.confirm, batch.pk)] * 2)
    assert [type(error) for error in failures(results)] == [AlreadyHandled]
    assert Record.objects.filter(source_kind="legacy").count() == 3
    assert_sound()


# ---- Large ones, by the worker, and when it dies


@pytest.fixture
def by_worker(monkeypatch):
    """Everything counts as large: nothing is done while the archivist waits."""
    monkeypatch.setattr(services, "SMALL_BYTES", -1)
    monkeypatch.setattr(services, "SMALL_ROWS", -1)
    monkeypatch.setattr(services, "PART_ROWS", 4)
    monkeypatch.setattr(checking, "FILES_AT_A_TIME", 3)


def test_a_large_one_is_checked_and_taken_over_by_the_worker(by_worker, archivist):
    rows = [row(number) for number in range(1, 11)]
    batch = uploaded(archivist, catalogue(rows), zip_of(rows))
    assert batch.state == LegacyState.CHECKING
    assert services.work_once("worker")
    batch.refresh_from_db()
    assert (batch.state, batch.checked_files) == ("ready", 10)
    services.confirm(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.imported_rows) == ("importing", 0)
    assert services.work_once("worker")
    assert not services.work_once("worker")
    batch.refresh_from_db()
    assert (batch.state, batch.imported_rows) == ("done", 10)
    assert_sound()


def test_a_check_that_was_killed_goes_on_where_it_stopped(by_worker, archivist, monkeypatch,
                                                          time_machine):  # fmt: skip
    rows = [row(number) for number in range(1, 11)]
    batch = uploaded(archivist, catalogue(rows), zip_of(rows))
    unpacked: list[str] = []
    real = checking.unpack

    def dies(archive: Any, found: Any, target: Any) -> Any:
        if len(unpacked) == 7:
            raise SystemExit
        unpacked.append(found.name)
        return real(archive, found, target)

    monkeypatch.setattr(checking, "unpack", dies)
    with pytest.raises(SystemExit):
        services.work_once("first")
    assert LegacyScan.objects.count() == 6
    time_machine.move_to(timezone.now() + datetime.timedelta(minutes=3))
    again: list[str] = []

    def counts(archive: Any, found: Any, target: Any) -> Any:
        again.append(found.name)
        return real(archive, found, target)

    monkeypatch.setattr(checking, "unpack", counts)
    assert services.work_once("second")
    batch.refresh_from_db()
    assert batch.state == LegacyState.READY
    assert len(again) == 4


def test_an_import_that_was_killed_leaves_whole_parts_and_goes_on(
    by_worker, archivist, monkeypatch, time_machine
):
    rows = [row(number) for number in range(1, 11)]
    batch = uploaded(archivist, catalogue(rows), zip_of(rows))
    services.work_once("worker")
    services.confirm(batch.pk)
    calls: list[int] = []
    real = PaperCopy.objects.bulk_create

    def dies(papers: Any, **options: Any) -> Any:
        calls.append(len(papers))
        if len(calls) == 2:
            raise SystemExit
        return real(papers, **options)

    monkeypatch.setattr(type(PaperCopy.objects), "bulk_create", lambda self, p, **o: dies(p, **o))
    with pytest.raises(SystemExit):
        services.work_once("first")
    assert Record.objects.filter(source_kind="legacy").count() == 4, "the second part left nothing"
    assert_sound()
    time_machine.move_to(timezone.now() + datetime.timedelta(minutes=3))
    assert services.work_once("second")
    batch.refresh_from_db()
    assert (batch.state, batch.imported_rows) == ("done", 10)
    assert Record.objects.filter(source_kind="legacy").count() == 10
    assert PaperCopy.objects.count() == 10
    assert_sound()


def test_a_full_disk_is_tried_again_and_then_put_aside(by_worker, archivist, monkeypatch,
                                                       time_machine, client):  # fmt: skip
    batch = uploaded(archivist, catalogue([row(1)]), zip_of([row(1)]))
    real = checking.unpack

    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checking, "unpack", full)
    for _attempt in range(5):
        assert services.work_once("worker")
        time_machine.move_to(timezone.now() + datetime.timedelta(minutes=10))
    batch.refresh_from_db()
    assert batch.status == RenderStatus.DEAD
    monkeypatch.setattr(checking, "unpack", real)
    client.force_login(archivist)
    text = client.get(batch.get_absolute_url()).content.decode()
    assert "服务器磁盘已满" in text
    assert "No space left" not in text, "the details are in the log"
    client.post(reverse("archive_legacy_retry", args=[batch.pk]))
    assert services.work_once("worker")
    batch.refresh_from_db()
    assert batch.state == LegacyState.READY


@pytest.mark.faults
def test_a_process_killed_in_the_middle_leaves_nothing_half(by_worker, archivist, tmp_path,
                                                            settings):  # fmt: skip
    """A worker of its own is killed again and again; at every moment the archive is sound."""
    rows = [row(number) for number in range(1, 41)]
    batch = uploaded(archivist, catalogue(rows), zip_of(rows))
    services.work_once("worker")
    services.confirm(batch.pk)
    database = connection.settings_dict
    script = (
        "import django; django.setup();"
        "from django.conf import settings;"
        f"settings.DATABASES['default']['NAME'] = {str(database['NAME'])!r};"
        f"settings.LEGACY_ROOT = __import__('pathlib').Path({str(settings.LEGACY_ROOT)!r});"
        "import datetime;"
        "from portal import leases;"
        "leases.LEASE = datetime.timedelta(seconds=1);"
        "from portal.archives.legacy import services;"
        "services.PART_ROWS = 2;"
        "from django.utils import timezone;"
        "[services.work_once('w') or __import__('time').sleep(0.2) for _ in range(60)]"
    )
    killed = 0
    for _attempt in range(12):
        process = subprocess.Popen([sys.executable, "-c", script])
        deadline = time.monotonic() + 30
        before = Record.objects.filter(source_kind="legacy").count()
        while time.monotonic() < deadline and process.poll() is None:
            done = Record.objects.filter(source_kind="legacy").count()
            if done > before or done == 40:
                break
            time.sleep(0.05)
        process.kill()
        process.wait()
        killed += 1
        linked = LegacyItem.objects.filter(record__isnull=False).count()
        assert Record.objects.filter(source_kind="legacy").count() == linked
        assert linked % 2 == 0
        LegacyBatch.objects.filter(status="leased").update(attempts=0)
        if linked == 40:
            break
    assert_sound()
    assert killed


# ---- Pages


def files_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What the form sends."""
    return {
        "catalogue": SimpleUploadedFile("目录.xlsx", catalogue(rows)),
        "scans": SimpleUploadedFile("扫描件.zip", zip_of(rows)),
    }


def test_the_archivist_uploads_reads_the_problems_corrects_and_confirms(archivist, client):
    client.force_login(archivist)
    rows = [row(1), row(2, date="2012年13月1日")]
    response = client.post(reverse("archive_legacy"), files_of(rows), follow=True)
    text = response.content.decode()
    batch = LegacyBatch.objects.get()
    assert "1 个问题" in text
    assert "2012年13月1日" in text and "F3" in text
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("archive_legacy_problems", args=[batch.pk])).getvalue())
    )
    assert [cell.value for cell in sheet.worksheets[0][2]][:3] == [3, "日期", "F3"]

    right = SimpleUploadedFile("目录.xlsx", catalogue([row(1), row(2)]))
    address = reverse("archive_legacy_catalogue", args=[batch.pk])
    text = client.post(address, {"catalogue": right}, follow=True).content.decode()
    assert "等待确认" in text and rows[0]["title"] in text
    address = reverse("archive_legacy_confirm", args=[batch.pk])
    assert "2 条" in client.get(address).content.decode()
    text = client.post(address, follow=True).content.decode()
    assert "已入库" in text
    record = Record.objects.filter(source_kind="legacy").first()
    assert record is not None and record.get_absolute_url() in text
    text = client.post(address).content.decode()
    assert "没有改动任何内容" in text or "您没有改动" in text


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("目录.xls", b"x", "catalogue"),
        ("目录.csv", b"x", "catalogue"),
        ("扫描.rar", b"Rar!", "scans"),
    ],
)
def test_a_wrong_file_is_refused_at_its_field(name, body, field, archivist, client):
    client.force_login(archivist)
    sent = files_of([row(1)])
    sent[field] = SimpleUploadedFile(name, body)
    response = client.post(reverse("archive_legacy"), sent)
    assert response.status_code == 422
    assert name in response.content.decode()
    assert not LegacyBatch.objects.exists()


def test_nothing_chosen_is_said_in_words(archivist, client):
    client.force_login(archivist)
    response = client.post(reverse("archive_legacy"), {})
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("role", "reads", "decides"),
    [
        ("archivist", True, True),
        ("discipline_auditor", True, False),
        ("part_time_archivist", False, False),
        ("organization_member", False, False),
        ("party_staff", False, False),
        ("system_administrator", False, False),
        ("employee", False, False),
    ],
)
def test_who_reads_catalogues_and_who_decides(role, reads, decides, archivist, client):
    batch = good_batch(archivist)
    refused = uploaded(archivist, catalogue([row(9, date="?")]), zip_of([row(9)]))
    client.force_login(make_user(role))
    for address in (
        reverse("archive_legacy"),
        reverse("archive_legacy_template"),
        batch.get_absolute_url(),
        refused.get_absolute_url(),
        reverse("archive_legacy_problems", args=[refused.pk]),
    ):
        assert client.get(address).status_code == (200 if reads else 403), address
    if reads and not decides:
        text = client.get(reverse("archive_legacy")).content.decode()
        assert 'type="file"' not in text
        assert reverse("archive_legacy_confirm", args=[batch.pk]) not in client.get(
            batch.get_absolute_url()
        ).content.decode()  # fmt: skip
    for name, found in (
        ("archive_legacy_confirm", batch),
        ("archive_legacy_retry", refused),
        ("archive_legacy_discard", refused),
    ):
        status = client.post(reverse(name, args=[found.pk])).status_code
        assert (status == 302) is decides, (name, status)
        assert decides or status == 403
    assert (
        client.post(reverse("archive_legacy"), files_of([row(5)])).status_code == 302
    ) is decides
    assert Record.objects.filter(source_kind="legacy").count() == (3 if decides else 0)


def test_pages_of_records_name_the_kind_in_words(archivist, client):
    services.confirm(good_batch(archivist, 1).pk)
    record = Record.objects.get(source_kind="legacy")
    client.force_login(archivist)
    for address in (record.get_absolute_url(), reverse("archive_records") + "?q=批复"):
        text = client.get(address).content.decode()
        assert "历史纸质档案" in text and ">legacy<" not in text


def test_titles_of_other_levels_are_no_links_for_those_who_may_not_read(archivist, client):
    batch = good_batch(archivist, 1)
    services.confirm(batch.pk)
    record = Record.objects.get(source_kind="legacy")
    client.force_login(archivist)
    assert record.get_absolute_url() in client.get(batch.get_absolute_url()).content.decode()


def test_a_record_of_a_unit_is_read_by_its_officers_only(archivist, client):
    unit, other = make_branch(code="B-1"), make_branch(code="B-2")
    line = row(1, unit="B-1")
    services.confirm(uploaded(archivist, catalogue([line]), zip_of([line])).pk)
    record = Record.objects.get(source_kind="legacy")
    for role, place, status in (
        ("branch_secretary", unit, 200),
        ("branch_secretary", other, 404),
        ("employee", unit, 404),
    ):
        client.force_login(make_user(role, unit=place))
        assert client.get(record.get_absolute_url()).status_code == status, (role, place)


@pytest.mark.parametrize("refused", [True, False])
def test_the_pages_cost_the_same_at_20_and_200_rows(refused, archivist, client):
    client.force_login(archivist)
    counts = []
    for count in (20, 200):
        rows = [
            row(number + count, **({"date": "?"} if refused else {})) for number in range(count)
        ]
        batch = uploaded(archivist, catalogue(rows), zip_of(rows))
        client.get(batch.get_absolute_url())
        with CaptureQueriesContext(connection) as context:
            client.get(batch.get_absolute_url())
        counts.append(len(context))
    assert counts[0] == counts[1]
