"""Where paper lies, what has no twin, and the stock-taking."""

from __future__ import annotations

import io
import uuid
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.archives import ledger
from portal.archives.ledger import payload_of
from portal.archives.models import (
    BoxResult,
    LedgerEntry,
    PaperCopy,
    Record,
    RecordState,
    StockBox,
    StockTaking,
)
from portal.archives.paper import services, stocktaking, views
from portal.archives.paper.lists import without_paper
from portal.archives.paper.sheets import COLUMNS, read_papers, write_papers
from portal.archives.refusals import AlreadyHandled, NotReady
from portal.archives.spreadsheets import read_table
from tests.factories import office_files
from tests.factories.archives import bare_record
from tests.factories.organizations import make_branch
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db]

HEADER = [column.name for column in COLUMNS]


@pytest.fixture
def archivist():
    """The account that keeps the paper."""
    return make_user("archivist")


def paper_entries(record: Record) -> list[dict[str, Any]]:
    """What the ledger says of the paper of a record, oldest first."""
    entries = LedgerEntry.objects.filter(record_id=record.pk, kind="paper").order_by("sequence")
    return [payload_of(entry.sequence) for entry in entries]


def table(*rows: dict[str, Any]) -> bytes:
    """A table of paper copies."""
    lines = [[row.get(column.key) for column in COLUMNS] for row in rows]
    return office_files.sheet([HEADER, *lines])


def read(user: Any, *rows: dict[str, Any]) -> Any:
    """Read a table as an account."""
    return read_papers(table(*rows), Record.objects.visible_to(user))


# ---- One record


def test_the_archivist_writes_down_where_paper_lies(archivist, client):
    record = bare_record()
    client.force_login(archivist)
    address = reverse("archive_record_paper", args=[record.pk])
    assert client.get(address).status_code == 200
    sent = {"box": "2026-Y-01", "shelf": "3架2层", "sheets": "4", "note": "复印件"}
    assert client.post(address, sent).status_code == 302
    paper = PaperCopy.objects.get(record=record)
    assert (paper.box, paper.shelf, paper.sheets, paper.note) == (
        *("2026-Y-01", "3架2层"),
        *(4, "复印件"),
    )
    entry = paper_entries(record)[0]
    assert (entry["box"], entry["account"], entry["person"]) == (
        "2026-Y-01",
        archivist.pk,
        str(archivist),
    )
    client.post(address, sent)
    assert len(paper_entries(record)) == 1, "nothing changed"
    client.post(address, {**sent, "box": "2026-Y-02"})
    assert [entry["box"] for entry in paper_entries(record)] == ["2026-Y-01", "2026-Y-02"]
    client.post(address, {"remove": "yes"})
    assert not PaperCopy.objects.exists()
    assert paper_entries(record)[-1]["removed"] is True
    assert list(ledger.faults()) == []


def test_the_record_page_shows_it(archivist, client):
    record = bare_record(source_id="999999999")
    services.note_paper(archivist, record.pk, services.Place("2026-Y-01", "3架2层", 4))
    client.force_login(archivist)
    text = client.get(record.get_absolute_url()).content.decode()
    assert "2026-Y-01" in text and "3架2层" in text and "修改存放位置" in text


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"box": ""},
        {"box": "x" * 41},
        {"box": "1", "sheets": "-1"},
        {"box": "1", "sheets": "四"},
    ],
)
def test_a_form_with_a_mistake_is_shown_again(sent, archivist, client):
    record = bare_record()
    client.force_login(archivist)
    response = client.post(reverse("archive_record_paper", args=[record.pk]), sent)
    assert response.status_code == 422
    assert not PaperCopy.objects.exists()


# ---- Tables in and out


def test_a_table_writes_all_or_nothing_and_is_read_back(archivist):
    numbered = bare_record(archive_code="Q001-WS·2026-Y-DQ02-0001")
    other = bare_record(title="未编号")
    result = read(
        archivist,
        {"code": "Ｑ001-WS·2026-Y-DQ02-0001", "box": "盒1", "shelf": "1架", "sheets": "4张"},
        {"record": str(other.pk), "box": "盒1"},
        {"title": "只有纸质", "year": "2001", "box": "盒2", "code": "旧-1"},
    )
    assert result.problems == []
    assert (result.created, result.changed, result.alone) == (3, 0, 1)
    write_papers(archivist, result)
    assert PaperCopy.objects.get(record=numbered).sheets == 4
    assert PaperCopy.objects.get(record=None).title == "只有纸质"
    assert len(paper_entries(numbered)) == len(paper_entries(other)) == 1
    assert list(ledger.faults()) == []


def test_what_was_exported_can_be_changed_and_imported(archivist, client):
    numbered = bare_record(archive_code="Q001-WS·2026-Y-DQ02-0001")
    services.note_paper(archivist, numbered.pk, services.Place("盒1"))
    PaperCopy.objects.create(title="只有纸质", box="盒2", changed_at=numbered.captured_at)
    client.force_login(archivist)
    body = client.get(reverse("archive_paper_export") + "?list=all").getvalue()
    again = read_papers(body, Record.objects.all())
    assert (again.problems, again.papers) == ([], []), "nothing changed"
    book = openpyxl.load_workbook(io.BytesIO(body))
    sheet: Any = book.active
    for line in sheet.iter_rows(min_row=2):
        line[4].value = "盒9"
    target = io.BytesIO()
    book.save(target)
    sent = {"sheet": SimpleUploadedFile("纸质.xlsx", target.getvalue())}
    response = client.post(reverse("archive_paper_import"), sent, follow=True)
    assert "变更1条" in response.content.decode()
    assert PaperCopy.objects.get(record=numbered).box == "盒9"


def test_title_and_year_of_paper_alone_are_corrected_by_the_table(archivist):
    PaperCopy.objects.create(
        title="旧题名", year=2001, code="旧-1", box="1", changed_at="2026-01-01T00:00Z"
    )
    result = read(archivist, {"code": "旧-1", "title": "新题名", "year": "2002", "box": "1"})
    assert (result.created, result.changed) == (0, 1)
    write_papers(archivist, result)
    paper = PaperCopy.objects.get()
    assert (paper.title, paper.year) == ("新题名", 2002)
    without = office_files.sheet([["档号", "题名", "盒号"], ["旧-1", "新题名", "1"]])
    assert read_papers(without, Record.objects.all()).papers == [], "no column, no change"


def noted_meanwhile(user: Any, record: Record) -> None:
    services.note_paper(user, record.pk, services.Place("别人的盒"))


def alone_meanwhile(user: Any, record: Record) -> None:
    PaperCopy.objects.create(title="甲", code="甲-1", box="9", changed_at=record.captured_at)


def changed_meanwhile(user: Any, record: Record) -> None:
    PaperCopy.objects.filter(code="乙-1").update(box="别人的盒", changed_at=record.captured_at)


def removed_meanwhile(user: Any, record: Record) -> None:
    PaperCopy.objects.filter(code="乙-1").delete()


@pytest.mark.parametrize(
    "meanwhile", [noted_meanwhile, alone_meanwhile, changed_meanwhile, removed_meanwhile]
)
def test_what_changed_since_the_table_was_read_is_not_overwritten(meanwhile, archivist, client):
    """The second one is told so with 409, and nothing of the table is written."""
    record = bare_record()
    PaperCopy.objects.create(
        title="乙", code="乙-1", box="2", changed_at="2026-01-01T00:00Z", note="alt"
    )
    result = read(
        archivist,
        {"record": str(record.pk), "box": "盒1"},
        {"title": "甲", "code": "甲-1", "box": "1"},
        {"title": "乙", "code": "乙-1", "box": "3"},
    )
    assert result.problems == []
    meanwhile(archivist, record)
    before = list(PaperCopy.objects.order_by("pk").values())
    entries = LedgerEntry.objects.count()
    with pytest.raises(AlreadyHandled, match="重新上传"):
        write_papers(archivist, result)
    assert list(PaperCopy.objects.order_by("pk").values()) == before
    assert LedgerEntry.objects.count() == entries


def test_paper_that_somebody_changes_is_matched_the_next_time(archivist, monkeypatch):
    record = bare_record(archive_code="Q001-1")
    paper = PaperCopy.objects.create(
        title="甲", code="Q001-1", box="1", changed_at="2026-01-01T00:00Z"
    )
    real = services.records_by_code

    def somebody_notes(codes: set[str]) -> dict[str, Record]:
        found = real(codes)
        noted_meanwhile(archivist, record)
        return found

    monkeypatch.setattr(services, "records_by_code", somebody_notes)
    assert services.match_alone(archivist) == 0
    paper.refresh_from_db()
    assert paper.record is None


def test_a_title_that_looks_like_a_formula_comes_back_as_it_was(archivist, client):
    PaperCopy.objects.create(
        title="=1+1", note="@甲", code="-1", box="+盒", changed_at="2026-01-01T00:00Z"
    )
    client.force_login(archivist)
    body = client.get(reverse("archive_paper_export") + "?list=all").getvalue()
    again = read_papers(body, Record.objects.all())
    assert (again.problems, again.papers) == ([], []), "nothing changed"


def test_a_list_that_one_table_cannot_hold_is_refused_in_words(archivist, client, monkeypatch):
    monkeypatch.setattr(views, "MOST_ROWS", 2)
    client.force_login(archivist)
    for number in range(3):
        PaperCopy.objects.create(
            title="甲", code=f"甲-{number}", box="1", changed_at="2026-01-01T00:00Z"
        )
    response = client.get(reverse("archive_paper_export") + "?list=paper")
    assert response.status_code == 422
    assert "2" in response.content.decode()
    PaperCopy.objects.filter(pk=PaperCopy.objects.values("pk")[:1]).delete()
    assert client.get(reverse("archive_paper_export") + "?list=paper").status_code == 200


def test_a_list_of_records_without_paper_can_be_filled_in_and_imported(archivist, client):
    record = bare_record()
    client.force_login(archivist)
    Record.objects.exclude(pk=record.pk).update(state=RecordState.APART)
    body = client.get(reverse("archive_paper_export") + "?list=electronic").getvalue()
    book = openpyxl.load_workbook(io.BytesIO(body))
    sheet: Any = book.active
    assert sheet["B2"].value == str(record.pk)
    sheet["E2"] = "盒7"
    target = io.BytesIO()
    book.save(target)
    result = read_papers(target.getvalue(), Record.objects.all())
    assert result.problems == []
    write_papers(archivist, result)
    assert PaperCopy.objects.get(record=record).box == "盒7"


@pytest.mark.parametrize(
    ("rows", "column", "row"),
    [
        ([{"title": "甲", "box": ""}], "盒号", 2),
        ([{"title": "甲", "box": "长" * 41}], "盒号", 2),
        ([{"title": "甲", "box": "1"}, {"box": "1"}], "题名", 3),
        ([{"title": "甲", "box": "1", "sheets": "四"}], "张数", 2),
        ([{"title": "甲", "box": "1", "year": "12"}], "年度", 2),
        ([{"record": "不是编号", "box": "1"}], "电子文件号", 2),
        ([{"record": str(uuid.UUID(int=7)), "box": "1"}], "电子文件号", 2),
        ([{"code": "甲-1", "title": "甲", "box": "1"}] * 2, "档号", 3),
        ([{"code": "甲" * 81, "title": "甲", "box": "1"}], "档号", 2),
        ([{"title": "甲" * 256, "box": "1"}], "题名", 2),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_written(rows, column, row, archivist, client):
    client.force_login(archivist)
    good = {"title": "好", "box": "1", "code": "好-1"}
    sent = {"sheet": SimpleUploadedFile("纸质.xlsx", table(*rows, good))}
    response = client.post(reverse("archive_paper_import"), sent)
    assert response.status_code == 422
    text = response.content.decode()
    assert f"第{row}行" in text and column in text
    assert not PaperCopy.objects.exists()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.xls", b"x"),
        ("a.xlsx", b"x"),
        ("a.xlsx", office_files.sheet([["姓名"]])),
        ("a.xlsx", b""),
    ],
)
def test_a_wrong_file_is_refused(name, body, archivist, client):
    client.force_login(archivist)
    sent = {"sheet": SimpleUploadedFile(name, body)}
    assert client.post(reverse("archive_paper_import"), sent).status_code == 422
    assert client.post(reverse("archive_paper_import"), {}).status_code == 422


def test_a_check_writes_nothing(archivist, client):
    client.force_login(archivist)
    sent = {
        "sheet": SimpleUploadedFile("纸质.xlsx", table({"title": "甲", "box": "1"})),
        "only_check": "on",
    }
    response = client.post(reverse("archive_paper_import"), sent, follow=True)
    assert "没有发现问题" in response.content.decode()
    assert not PaperCopy.objects.exists()


def test_the_template_is_a_table_with_one_example(archivist, client):
    client.force_login(archivist)
    body = client.get(reverse("archive_paper_template")).getvalue()
    assert len(read_table(body, COLUMNS, 10).rows) == 1


def test_paper_of_a_controlled_record_is_not_reached_by_those_who_may_not_read_it(archivist):
    record = bare_record(archive_code="Q001-1", access_level="controlled", unit=make_branch())
    secretary = make_user("branch_secretary", unit=record.unit)
    result = read(secretary, {"code": "Q001-1", "title": "甲", "box": "1"})
    assert [paper.record for paper in result.papers] == [None]
    assert read(archivist, {"code": "Q001-1", "box": "1"}).papers[0].record == record


# ---- What has no twin


def test_the_lists_name_exactly_what_has_no_twin(archivist, client):
    plain = bare_record(title="无纸质的")
    bare_record(title="已替换的", state=RecordState.SUPERSEDED)
    bare_record(title="不归档的", state=RecordState.APART)
    both = bare_record(title="双套的")
    services.note_paper(archivist, both.pk, services.Place("盒1"))
    PaperCopy.objects.create(title="只有纸的", box="盒2", code="甲-1", changed_at=both.captured_at)
    client.force_login(archivist)

    assert set(without_paper(archivist).filter(pk__in=[plain.pk, both.pk])) == {plain}
    text = client.get(reverse("archive_paper")).content.decode()
    assert "无纸质的" in text
    for title in ("双套的", "已替换的", "不归档的", "只有纸的"):
        assert title not in text
    text = client.get(reverse("archive_paper") + "?list=paper").content.decode()
    assert "只有纸的" in text and "双套的" not in text
    text = client.get(reverse("archive_paper") + "?list=all&box=盒").content.decode()
    assert "只有纸的" in text and "双套的" in text


def test_paper_finds_its_record_when_the_code_is_issued(archivist, client):
    paper = PaperCopy.objects.create(
        title="甲", box="盒1", code="Q001-1", changed_at=bare_record().captured_at
    )
    record = bare_record(archive_code="Q001-1")
    client.force_login(archivist)
    client.post(reverse("archive_paper_match"))
    paper.refresh_from_db()
    assert paper.record == record
    assert paper_entries(record)[0]["box"] == "盒1"
    client.post(reverse("archive_paper_match"))
    assert len(paper_entries(record)) == 1


@pytest.mark.parametrize("query", ["?list=x", "?year=二", "?list=all&box=%00", "?unit=x&page=9"])
def test_a_strange_address_is_no_fault(query, archivist, client):
    client.force_login(archivist)
    assert client.get(reverse("archive_paper") + query).status_code == 200
    assert client.get(reverse("archive_paper_export") + query).status_code == 200


@pytest.mark.parametrize("chosen", ["electronic", "paper", "all"])
def test_the_lists_cost_the_same_at_20_and_200_rows(chosen, archivist, client):
    client.force_login(archivist)
    counts: list[int] = []
    unit = make_branch()
    for _round in range(2):
        for number in range(20 if not counts else 180):
            record = bare_record(title=f"甲{number}", unit=unit)
            if chosen != "electronic":
                PaperCopy.objects.create(
                    record=record if chosen == "all" else None,
                    title="甲",
                    box="盒1",
                    changed_at=record.captured_at,
                )
        address = reverse("archive_paper") + f"?list={chosen}"
        client.get(address)
        with CaptureQueriesContext(connection) as context:
            client.get(address)
        counts.append(len(context))
    assert counts[0] == counts[1]


# ---- Stock-taking


@pytest.fixture
def boxes(archivist) -> list[Record]:
    """Four records in three boxes, and paper without a record in a fourth."""
    records = [bare_record(title=f"第{number}件") for number in range(4)]
    for record, box in zip(records, ("盒1", "盒1", "盒2", "盒3"), strict=True):
        services.note_paper(archivist, record.pk, services.Place(box, "1架", 2))
    PaperCopy.objects.create(
        title="只有纸质", box="盒4", shelf="2架", changed_at=records[0].captured_at
    )
    return records


def finding(box: StockBox, result: str, note: str = "") -> stocktaking.Finding:
    """What somebody saw of a box."""
    return stocktaking.Finding(box.pk, result, note, stocktaking.version(box))


def test_a_stock_taking_from_the_box_list_to_the_report(boxes, archivist, client):
    client.force_login(archivist)
    response = client.post(reverse("archive_stock_takings"), {"name": "2026年清点", "shelf": ""})
    taking = StockTaking.objects.get()
    assert response["Location"] == taking.get_absolute_url()
    assert [(box.box, box.items, box.sheets) for box in taking.boxes.order_by("box")] == [
        ("盒1", 2, 4),
        ("盒2", 1, 2),
        ("盒3", 1, 2),
        ("盒4", 1, 0),
    ]
    printed = client.get(reverse("archive_stock_boxes", args=[taking.pk])).content.decode()
    assert all(box in printed for box in ("盒1", "盒2", "盒3", "盒4"))

    results = dict(zip(("盒1", "盒2", "盒3", "盒4"), BoxResult.values[1:], strict=True))
    sent = {}
    for box in taking.boxes.all():
        sent[f"result-{box.pk}"], sent[f"note-{box.pk}"] = results[box.box], f"注{box.box}"
        sent[f"seen-{box.pk}"] = ""
    assert "已录入4盒" in client.post(
        taking.get_absolute_url(), sent, follow=True
    ).content.decode()  # fmt: skip
    address = reverse("archive_stock_finish", args=[taking.pk])
    assert "结束后不能再修改" in client.get(address).content.decode()
    text = client.post(address, follow=True).content.decode()
    for words in ("在库破损", "注盒2", "第2件", "未找到", "监督人"):
        assert words in text
    assert "第0件" not in text, "what was found is not listed as amiss"

    seen = {paper.box: paper.checked_on for paper in PaperCopy.objects.all()}
    assert seen["盒1"] and seen["盒2"], "found, complete or damaged"
    assert seen["盒3"] is None and seen["盒4"] is None, "incomplete or not found"
    assert PaperCopy.objects.filter(box="盒1", checked_by=archivist).count() == 2
    last = paper_entries(boxes[3])[-1]
    assert (last["stock_taking"], last["result"]) == (taking.pk, "incomplete")
    assert list(ledger.faults()) == []


def test_only_the_chosen_shelves_are_gone_through(boxes, archivist):
    taking = stocktaking.start(archivist, "二架", "2架")
    assert [box.box for box in taking.boxes.all()] == ["盒4"]
    with pytest.raises(NotReady):
        stocktaking.start(archivist, "九架", "9架")


def test_a_stock_taking_with_boxes_left_cannot_be_finished(boxes, archivist, client):
    taking = stocktaking.start(archivist, "清点")
    client.force_login(archivist)
    response = client.post(reverse("archive_stock_finish", args=[taking.pk]))
    assert response.status_code == 422
    assert "4盒没有清点" in response.content.decode()


def test_a_finished_stock_taking_does_not_change(boxes, archivist):
    taking = stocktaking.start(archivist, "清点")
    stocktaking.note(archivist, taking.pk, [finding(box, "found") for box in taking.boxes.all()])
    stocktaking.finish(archivist, taking.pk)
    box = taking.boxes.first()
    assert box is not None
    with pytest.raises(AlreadyHandled):
        stocktaking.note(archivist, taking.pk, [finding(box, "missing")])
    with pytest.raises(AlreadyHandled):
        stocktaking.finish(archivist, taking.pk)


def test_of_two_who_enter_one_box_the_second_is_told(boxes, archivist, client):
    taking = stocktaking.start(archivist, "清点")
    box = taking.boxes.get(box="盒1")
    first = make_user("archivist", name="沈维钧")
    stocktaking.note(first, taking.pk, [finding(box, "missing")])
    client.force_login(archivist)
    sent = {f"result-{box.pk}": "found", f"note-{box.pk}": "", f"seen-{box.pk}": ""}
    text = client.post(taking.get_absolute_url(), sent, follow=True).content.decode()
    assert "沈维钧" in text and "您的结果没有写入" in text
    box.refresh_from_db()
    assert box.result == "missing"


@pytest.mark.parametrize(
    "sent",
    [
        {"result-x": "found"},
        {"result-9999999": "found"},
        {"result-": "a"},
        {f"result-{9**40}": "found"},
    ],
)
def test_strange_findings_change_nothing(sent, boxes, archivist, client):
    taking = stocktaking.start(archivist, "清点")
    client.force_login(archivist)
    assert client.post(taking.get_absolute_url(), sent).status_code == 302
    assert not taking.boxes.exclude(result="open").exists()


def test_the_boxes_cost_the_same_at_20_and_200(archivist, client):
    client.force_login(archivist)
    counts = []
    for count in (20, 200):
        moment = bare_record().captured_at
        for number in range(count):
            PaperCopy.objects.create(title="甲", box=f"{count}-{number}", changed_at=moment)
        taking = stocktaking.start(archivist, f"清点{count}")
        stocktaking.note(
            archivist, taking.pk, [finding(box, "damaged") for box in taking.boxes.all()[:60]]
        )
        for address in (
            taking.get_absolute_url(),
            reverse("archive_stock_report", args=[taking.pk]),
            reverse("archive_stock_takings"),
        ):
            client.get(address)
            with CaptureQueriesContext(connection) as context:
                client.get(address)
            counts.append(len(context))
    assert counts[:3] == counts[3:]


# ---- Who may


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("archivist", True, True),
        ("discipline_auditor", True, False),
        ("part_time_archivist", False, False),
        ("organization_member", False, False),
        ("party_staff", False, False),
        ("branch_secretary", False, False),
        ("system_administrator", False, False),
        ("employee", False, False),
    ],
)
def test_who_reads_the_paper_and_who_writes(role, reads, writes, boxes, archivist, client):
    taking = stocktaking.start(archivist, "清点")
    box = taking.boxes.first()
    assert box is not None
    client.force_login(make_user(role))
    for address in (
        reverse("archive_paper"),
        reverse("archive_paper_export"),
        reverse("archive_paper_template"),
        reverse("archive_stock_takings"),
        taking.get_absolute_url(),
        reverse("archive_stock_boxes", args=[taking.pk]),
        reverse("archive_stock_report", args=[taking.pk]),
    ):
        assert client.get(address).status_code == (200 if reads else 403), address
    if reads and not writes:
        for address in (reverse("archive_paper"), taking.get_absolute_url()):
            text = client.get(address).content.decode()
            assert "archive_record_paper" not in text and 'name="result-' not in text
            assert reverse("archive_paper_import") not in text
    good = table({"title": "新", "box": "盒9", "code": "新-1"})
    for address, sent in (
        (reverse("archive_record_paper", args=[boxes[0].pk]), {"box": "盒8"}),
        (reverse("archive_paper_import"), {"sheet": SimpleUploadedFile("a.xlsx", good)}),
        (reverse("archive_paper_match"), {}),
        (reverse("archive_stock_takings"), {"name": "新"}),
        (taking.get_absolute_url(), {f"result-{box.pk}": "found", f"seen-{box.pk}": ""}),
    ):
        assert client.post(address, sent).status_code == (302 if writes else 403), address
    assert client.post(reverse("archive_stock_finish", args=[taking.pk])).status_code == (
        422 if writes else 403
    )
    assert PaperCopy.objects.filter(box__in=["盒8", "盒9"]).count() == (2 if writes else 0)


def test_a_visitor_is_asked_to_sign_in(boxes, client):
    for name in ("archive_paper", "archive_stock_takings", "archive_paper_import"):
        assert client.get(reverse(name)).status_code == 302
