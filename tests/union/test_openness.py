"""Public replies, open management with its questions, figures and the yearly bulletin."""

from __future__ import annotations

import datetime
import io
import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from wagtail.models import PageLogEntry

from portal.archives.inspection.services import inspect
from portal.archives.ledger import payload_of
from portal.archives.models import LedgerEntry, Record
from portal.archives.renders import work_all as make_files
from portal.cases.models import Case
from portal.notifications.models import Message
from portal.publishing.queue import flush
from portal.publishing.services import approve
from portal.refusals import ChangedMeanwhile, NotPossible, Refusal
from portal.suppression import MINIMUM
from tests.factories.opinions import REPLY, Handled, category, make_box
from tests.factories.organizations import make_unit
from tests.factories.people import make_person, make_user
from union.models import (
    DisclosureCategory,
    DisclosureQuestion,
    OpenManagementPage,
    Opinion,
    OpinionBulletinPage,
    OpinionFigure,
    PublicReplyPage,
    UnionIndexPage,
)
from union.openness import questions
from union.openness.bulletin import write_bulletin
from union.openness.public_replies import telling_parts, write_public_reply
from union.opinions import figures
from union.opinions.counting import count_year
from union.opinions.figure_sheets import workbook
from union.opinions.figures import Chosen, Cube, report

pytestmark = [pytest.mark.database, pytest.mark.django_db]
VALUES = {
    "title": "夜班热餐",
    "question": "夜班食堂只剩冷饭。",
    "answer": "热餐窗口延长到零点半。",
    "improvement": "夜班热餐窗口延长到零点半",
}
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def monday(time_machine: Any, tmp_path: Any, settings: Any) -> None:
    """A Monday without holidays near it, with folders of one's own."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def closed(**more: Any) -> Handled:
    handled = Handled(**more)
    handled.to("closed")
    return handled


def publish(page: Any, handled: Handled) -> None:
    state = page.current_workflow_task_state
    approve(state.pk, seen_revision_id=page.latest_revision_id, user=handled.chair)
    page.refresh_from_db()


# ---- public replies


def test_a_public_reply_needs_consent_an_end_and_a_second_person() -> None:
    silent = closed(may_publish=False)
    running = Handled()
    running.to("answered")
    secret = closed(category_code="integrity")
    for handled in (silent, running, secret):
        with pytest.raises(NotPossible):
            write_public_reply(handled.pk, handled.office, VALUES)
    handled = closed()
    for stranger in (handled.handler, handled.applicant, handled.chair, handled.auditor):
        with pytest.raises(NotPossible):
            write_public_reply(handled.pk, stranger, VALUES)
    page = write_public_reply(handled.pk, handled.office, VALUES)
    assert not page.live
    assert signed_in(handled.applicant).get(page.url or "/x").status_code == 404
    with pytest.raises(ChangedMeanwhile):
        write_public_reply(handled.pk, handled.second, VALUES)
    with pytest.raises(Refusal):
        approve(
            page.current_workflow_task_state.pk,
            seen_revision_id=page.latest_revision_id,
            user=handled.office,
        )
    publish(page, handled)
    assert page.live
    flush()
    assert Record.objects.filter(source_kind="page", source_id=str(page.pk)).count() == 1
    text = signed_in(handled.handler).get(page.url).content.decode()
    assert "热餐窗口延长到零点半" in text
    home = signed_in(handled.applicant).get("/").content.decode()
    assert "您说了，我们改了" in home
    assert "夜班热餐窗口延长到零点半" in home
    assert (
        "夜班热餐"
        in signed_in(handled.applicant)
        .get("/participation/replies/?category=canteen&changed=yes")
        .content.decode()
    )
    assert (
        "夜班热餐"
        not in signed_in(handled.applicant)
        .get("/participation/replies/?category=pay")
        .content.decode()
    )


def test_nothing_of_a_public_reply_leads_back() -> None:
    """Neither page, revision, log nor record holds a key, a number or a day of the opinion."""
    handled = closed()
    before = Case.objects.get(pk=handled.pk)
    page = write_public_reply(handled.pk, handled.office, VALUES)
    publish(page, handled)
    flush()
    case, opinion = handled.case, handled.opinion
    assert case.changed_at == before.changed_at
    assert case.sequence == before.sequence
    told = {str(handled.pk), handled.pk.hex, case.number}
    kept = serializers.serialize("json", [page]) + "".join(
        json.dumps(row.content, default=str) for row in page.revisions.all()
    )
    kept += "".join(str(row.data) for row in PageLogEntry.objects.filter(page=page.pk))
    kept += signed_in(handled.applicant).get(page.url).content.decode()
    for record in Record.objects.filter(source_id=str(page.pk)):
        kept += json.dumps(record.payload, default=str) if hasattr(record, "payload") else ""
    assert not any(trace in kept for trace in told)
    related = {
        field.related_model for field in PublicReplyPage._meta.get_fields() if field.is_relation
    }
    assert not related & {Opinion, Case}
    # The opinion says only that it was made public.
    values = Opinion.objects.filter(pk=opinion.pk).values().get()
    assert str(page.pk) not in {str(value) for name, value in values.items() if name != "box_id"}


@pytest.mark.parametrize(
    "words", ["欧阳明远反映的", "电话13900000021", "工号 100001234", "YX-2026-0000001"]
)
def test_what_tells_who_spoke_has_to_go(words: str) -> None:
    handled = closed()
    number = handled.case.number
    text = words.replace("YX-2026-0000001", number)
    assert telling_parts(handled.opinion, text)
    client = signed_in(handled.office)
    address = f"/participation/handling/publish/{handled.pk}/"
    answer = client.post(address, {**VALUES, "question": text})
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert not PublicReplyPage.objects.exists()
    assert client.post(address, VALUES).status_code == 302
    assert client.get(address).status_code == 403


def test_the_list_of_public_replies_costs_the_same_at_5_and_25() -> None:
    user = make_user("employee")

    def cost() -> int:
        client = signed_in(user)
        client.get("/participation/replies/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/participation/replies/").status_code == 200
        return len(queries)

    def make(count: int) -> None:
        for _ in range(count):
            page = PublicReplyPage(
                title=f"答复{next(_numbers)}", category=category(), improvement="改了", live=False
            )
            UnionIndexPage.objects.get().add_child(instance=page)
            page.save_revision().publish(skip_permission_checks=True)
        flush()

    make(3)
    few = cost()
    make(10)
    assert cost() == few


# ---- open management


def make_disclosure(unit: Any = None, **fields: Any) -> OpenManagementPage:
    page = OpenManagementPage(
        **{
            "title": f"三季度业务招待费使用情况{next(_numbers)}",
            "category": DisclosureCategory.objects.get(code="receptions"),
            "disclosed_on": datetime.date(2026, 11, 20),
            "disclosed_until": datetime.date(2026, 12, 20),
            "checked_by": "郑守成",
            "unit": unit or make_unit(name="财务部"),
            "slug": f"disclosure-{next(_numbers)}",
            "live": False,
            **fields,
        }
    )
    UnionIndexPage.objects.get().add_child(instance=page)
    page.save_revision().publish(skip_permission_checks=True)
    flush()
    page.refresh_from_db()
    return page


def test_disclosed_matters_are_listed_by_category_and_unit_with_their_basis() -> None:
    finance, goods = make_unit(name="财务部"), make_unit(name="物资部")
    make_disclosure(finance, title="业务招待费")
    make_disclosure(
        goods, title="支护材料采购", category=DisclosureCategory.objects.get(code="purchasing")
    )
    client = signed_in(make_user("employee"))
    base = "/participation/open-management/"
    text = client.get(base).content.decode()
    assert "业务招待费" in text
    assert "支护材料采购" in text
    only = client.get(f"{base}?category=purchasing").content.decode()
    assert "支护材料采购" in only
    assert "第三十五条" in only
    assert ">业务招待费<" not in only.replace("业务招待费使用", "")
    assert "支护材料采购" not in client.get(f"{base}?unit={finance.code}").content.decode()
    assert Client().get(base).status_code == 302
    for nonsense in ("?category=none", "?unit=%00", "?page=x"):
        assert client.get(base + nonsense).status_code == 200


def test_a_disclosure_names_its_unit_and_days_in_order() -> None:
    from django.core.exceptions import ValidationError

    page = make_disclosure()
    page.unit = None
    with pytest.raises(ValidationError, match="责任单位"):
        page.clean()
    page.unit, page.disclosed_until = make_unit(), datetime.date(2026, 11, 1)
    with pytest.raises(ValidationError, match="截止日"):
        page.clean()


def test_a_question_is_answered_by_two_within_thirty_days(time_machine: Any) -> None:
    finance = make_unit(name="财务部")
    page = make_disclosure(finance)
    asker = make_user("employee", person=make_person("欧阳明远"))
    handler = make_user("opinion_handler", unit=finance)
    office = make_user("union_staff")
    stranger = make_user("opinion_handler", unit=make_unit())
    client = signed_in(asker)
    ask = f"/participation/open-management/{page.pk}/ask/"
    assert client.post(ask, {"text": "  "}).status_code == 422
    long = client.post(ask, {"text": "问" * 1_001})
    assert long.status_code == 422
    assert "问" * 1_001 in long.content.decode()
    assert client.post(ask, {"text": "接待外单位的标准是多少？"}).status_code == 302
    question = DisclosureQuestion.objects.get()
    assert question.due_on == datetime.date(2026, 12, 23)
    assert Message.objects.filter(user=handler, code=questions.ASKED).exists()
    assert "接待外单位" in client.get(page.url).content.decode()
    assert "接待外单位" not in signed_in(stranger).get(page.url).content.decode()
    address = f"/participation/open-management/questions/{question.pk}/"
    assert signed_in(stranger).get(address).status_code == 404
    assert client.get(address).status_code == 404
    handling = signed_in(handler)
    assert handling.post(address, {"answer": "每人每餐八十元。"}).status_code == 302
    refused = handling.post(address, {"release": "yes", "seen": "每人每餐八十元。"})
    assert refused.status_code == 403
    union = signed_in(office)
    assert union.post(address, {"release": "yes", "seen": "旧的"}).status_code == 409
    released = union.post(address, {"release": "yes", "seen": "每人每餐八十元。"})
    assert released.status_code == 302
    flush()
    record = Record.objects.get(source_kind="disclosure-answer", source_id=str(question.pk))
    payload = payload_of(LedgerEntry.objects.get(record_id=record.pk).sequence)
    assert payload["content"]["answer"] == "每人每餐八十元。"
    assert "欧阳明远" not in json.dumps(payload, ensure_ascii=False)
    text = signed_in(stranger).get(page.url).content.decode()
    assert "每人每餐八十元。" in text
    assert "欧阳明远" not in text
    assert Message.objects.filter(user=asker, code=questions.ANSWERED).exists()
    assert union.post(address, {"answer": "改一下"}).status_code == 409
    time_machine.move_to("2026-12-21 09:00+08:00")
    late = signed_in(asker).post(ask, {"text": "还能问吗？"})
    assert late.status_code == 422
    assert "还能问吗？" in late.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_released_answer_passes_the_checks_of_the_archive(settings: Any, tmp_path: Path) -> None:
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    question = questions.ask(make_disclosure(), make_user("employee"), "接待外单位的标准是多少？")
    questions.draft_answer(question.pk, make_user("union_staff"), "每人每餐八十元。")
    questions.release_answer(question.pk, make_user("union_staff"), "每人每餐八十元。")
    make_files()
    found = inspect(Record.objects.get(source_kind="disclosure-answer"))
    assert found.passed, found.failed_codes


def test_whoever_asked_does_not_answer() -> None:
    page = make_disclosure()
    office = make_user("union_staff")
    question = questions.ask(page, office, "我自己问的")
    with pytest.raises(Refusal, match="提问人"):
        questions.draft_answer(question.pk, office, "我自己答")
    assert list(questions.open_questions(make_user("union_staff"))) == [question]


# ---- figures


def figure(quarter: int, code: str, unit: Any, count: int, year: int = 2026) -> OpinionFigure:
    return OpinionFigure(
        year=year,
        quarter=quarter,
        category=category(code),
        unit=unit,
        received=count,
        answered=count,
        ratings=count,
        satisfied=count,
        days={"4": count},
        counted_on=datetime.date(2026, 11, 23),
    )


def test_what_is_counted_is_what_happened(time_machine: Any) -> None:
    make_box()
    first = closed()
    time_machine.move_to("2026-11-25 09:00+08:00")
    second = Handled(unit=first.unit, accused=None)
    second.to("handling")
    time_machine.move_to("2026-11-27 09:00+08:00")
    second.step("reply", second.handler, reply=REPLY)
    second.step("review_reply", second.second)
    declined = Handled()
    declined.to("declined")
    Handled().to("draft")
    Handled("integrity").to("closed")
    assert count_year(2026) == 3
    assert count_year(2026) == 3
    rows = OpinionFigure.objects.all()
    assert sum(row.received for row in rows) == 3
    assert sum(row.declined for row in rows) == 1
    assert sum(row.ratings for row in rows) == 1
    answered = rows.get(unit=first.unit)
    assert (answered.answered, answered.days) == (2, {"0": 1, "2": 1})


def test_small_cells_and_what_gives_them_away_are_not_shown() -> None:
    small, large, third = (make_unit(name=name) for name in ("一队", "二队", "三队"))
    OpinionFigure.objects.bulk_create(
        [
            figure(1, "canteen", small, 3),
            figure(1, "canteen", large, 20),
            figure(1, "pay", third, 9),
        ]
    )
    found = report(Chosen(2026))
    by_unit = {row.name: row for row in found.by_unit}
    assert by_unit["一队"].hidden
    # The total minus the shown units would be three.
    assert by_unit["三队"].hidden
    assert (by_unit["二队"].received, by_unit["二队"].median) == (20, 4.0)
    assert found.total.received == 32
    sheet = {str(cell) for table in workbook_cells(found) for cell in table}
    assert "3" not in sheet
    assert "不显示" in sheet


def workbook_cells(found: Any) -> list[list[Any]]:
    saved = io.BytesIO()
    workbook(found).save(saved)
    book = load_workbook(saved)
    return [list(row) for sheet in book for row in sheet.values]


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3), st.integers(1, 12)),
        min_size=1,
        max_size=25,
    )
)
def test_no_two_ranges_give_a_hidden_cell_away(cells: list[tuple[int, int, int, int]]) -> None:
    """Whatever ranges are asked for, what is shown is a sum of quarters that are all shown."""
    rows = [
        OpinionFigure(
            year=2026,
            quarter=quarter,
            category_id=category_id,
            unit_id=None,
            received=count,
            counted_on=datetime.date(2026, 11, 23),
        )
        for quarter, category_id, _unit, count in cells
    ]
    cube = Cube(rows)
    for category_id in {row.category_id for row in rows}:
        for first in range(1, 5):
            for last in range(first, 5):
                chosen = Chosen(2026, first, last)
                row = cube.row("x", category_id, None, chosen)
                if row.hidden or chosen.is_whole:
                    continue
                parts = [(category_id, None, quarter) for quarter in chosen.quarters]
                assert not any(part in cube.hidden for part in parts if part in cube.sums)
                counts = [cube.sums[part].counts["received"] for part in parts if part in cube.sums]
                assert all(count >= MINIMUM for count in counts)
                assert row.received == sum(counts)


def test_answered_is_not_shown_beside_a_small_rest() -> None:
    sums = figures.Sums()
    row = figure(1, "canteen", None, 20)
    row.answered = 18
    sums.add(row)
    assert figures.Row.of("x", sums).answered is None
    row.answered = 15
    again = figures.Sums()
    again.add(row)
    assert figures.Row.of("x", again).answered == 15


@given(st.lists(st.integers(0, 40), min_size=MINIMUM, max_size=40))
def test_the_median_is_the_middle(days: list[int]) -> None:
    import statistics

    sums = figures.Sums()
    for day in days:
        sums.days[day] += 1
    assert sums.median == statistics.median(days)


def test_the_dashboard_takes_any_address_and_exports_no_formula() -> None:
    evil = make_unit(name="=1+1队")
    OpinionFigure.objects.bulk_create([figure(1, "canteen", evil, 20), figure(2, "pay", evil, 30)])
    office = signed_in(make_user("union_staff"))
    base = "/participation/handling/figures/"
    for query in ("", "?year=2026&from=1&to=2", "?year=x", "?year=99999&from=9", "?from=4&to=1"):
        assert office.get(base + query).status_code == 200, query
    text = office.get(base + "?year=2026").content.decode()
    assert "食堂班车公寓" in text
    assert "廉洁举报" not in re.sub(r"廉洁举报不在统计之内", "", text)
    sheet = office.get(base + "sheet/?year=2026")
    book = load_workbook(io.BytesIO(b"".join(sheet)))  # type: ignore[arg-type]
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert "=1+1队" in {cell.value for cell in cells}
    assert all(cell.data_type != "f" for cell in cells)


def test_the_dashboard_costs_the_same_for_a_little_and_for_much() -> None:
    client = signed_in(make_user("union_chair"))
    base = "/participation/handling/figures/?year=2026"

    def cost() -> int:
        client.get(base)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(base).status_code == 200
        return len(queries)

    OpinionFigure.objects.bulk_create([figure(1, "canteen", None, 20)])
    few = cost()
    OpinionFigure.objects.bulk_create(
        [figure(quarter, "pay", make_unit(), 9) for quarter in (1, 2, 3, 4) for _ in range(5)]
    )
    assert cost() == few


# ---- the bulletin


def test_the_bulletin_is_frozen_reviewed_and_archived() -> None:
    handled = Handled()
    with pytest.raises(NotPossible, match="没有收到"):
        write_bulletin(handled.office, 2026)
    closed()
    with pytest.raises(NotPossible, match="工会办公室"):
        write_bulletin(handled.chair, 2026)
    page = write_bulletin(handled.office, 2026)
    with pytest.raises(ChangedMeanwhile):
        write_bulletin(handled.second, 2026)
    publish(page, handled)
    flush()
    assert Record.objects.filter(source_kind="page", source_id=str(page.pk)).count() == 1
    before = OpinionBulletinPage.objects.get().figures
    closed()
    count_year(2026)
    assert OpinionBulletinPage.objects.get().figures == before
    text = signed_in(handled.applicant).get(page.url).content.decode()
    assert "2026年职工意见办理公报" in text
    # One opinion is a small cell: no number of it stands anywhere.
    values = [value for table in before["tables"] for row in table["rows"] for value in row[1:]]
    assert not any(value for value in values)
