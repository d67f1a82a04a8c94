"""The handbook of a branch: what it holds, who makes it, and a PDF that can be searched."""

from __future__ import annotations

import datetime
import io
import re
import subprocess
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.activities import recording
from branches.activities.talks import write_talk
from branches.handbook import closing
from branches.handbook.document import handbook_pdf
from branches.handbook.reading import handbook_of
from branches.models import Activity, ActivityKind, ClosedHandbook, VoteSubject
from branches.year.standing import Standing
from portal.archives.ledger import payload_of
from portal.archives.models import LedgerEntry, Record
from portal.files.services import read
from portal.publishing import queue
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from tests.factories.activities import (
    BranchWorld,
    enter_attendance,
    make_held,
    make_plan,
    make_reviewed,
    make_world,
    write_minutes,
)
from tests.factories.branches_members import make_group, make_member, make_post
from tests.factories.organizations import make_branch
from tests.factories.people import make_person, make_user

pytestmark = pytest.mark.django_db
SECRET = "家中老人住院，希望调整班次"
YEAR = 2026


@pytest.fixture
def world(time_machine: Any) -> BranchWorld:
    """A branch of nine on a Monday, with a reviewed meeting and one that is being written down."""
    time_machine.move_to("2026-11-23 15:00+08:00")
    made = make_world()
    make_post(made.branch, made.members[0], "secretary")
    make_reviewed(made, absent=2)
    held = make_held(made, kind=ActivityKind.THEME_DAY, topic="应急物资清点")
    enter_attendance(made, held)
    write_minutes(made, held)
    make_plan(made, topic="还没有开的会")
    write_talk(
        made.branch,
        made.host,
        kind="talk",
        talker=made.members[0],
        partner=made.ordinary[0],
        held_on=held.held_on,
        place="井口候车室",
        content=SECRET,
    )
    return made


def words_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s", "", done.stdout.decode())


def test_it_holds_what_was_held_and_nothing_else(world: BranchWorld) -> None:
    book = handbook_of(world.branch, YEAR)
    found = [(one.kind, entry.activity.topic) for one in book.chapters for entry in one.entries]
    assert found == [
        ("general-meeting", "讨论第四季度安全工作"),
        ("theme-day", "应急物资清点"),
    ]
    assert book.unreviewed == 1
    assert book.standing.secretary == "贺守田"
    meeting = book.chapters[0].entries[0]
    assert (meeting.should, meeting.attended, len(meeting.missed)) == (9, 7, 2)
    assert len(book.lines) == 9
    assert sum(not line.is_full for line in book.lines) == 1
    assert book.talks == 1


def test_the_sheet_of_attendance_has_a_mark_for_everybody(world: BranchWorld) -> None:
    (sheet,) = handbook_of(world.branch, YEAR).sheets
    assert [one.topic for one in sheet.activities] == ["讨论第四季度安全工作", "应急物资清点"]
    assert len(sheet.rows) == 9
    marks = [mark for _name, row in sheet.rows for mark in row]
    assert marks.count("缺") == 2
    assert marks.count("√") == 16


def test_a_closed_year_says_what_is_missing(world: BranchWorld, time_machine: Any) -> None:
    time_machine.move_to("2027-01-20 09:00+08:00")
    book = handbook_of(world.branch, YEAR)
    assert book.day == datetime.date(YEAR, 12, 31)
    (view,) = [one for one in book.life if one.requirement.kind == ActivityKind.THEME_DAY]
    assert view.rows[0].cells[11].standing is Standing.MISSING


def test_what_has_no_record_is_a_line(world: BranchWorld) -> None:
    Activity.objects.create(
        branch=world.branch,
        kind=ActivityKind.PARTY_CLASS,
        topic="只登记了日期的党课",
        held_on=datetime.date(YEAR, 5, 21),
    )
    book = handbook_of(world.branch, YEAR)
    (chapter,) = [one for one in book.chapters if one.kind == ActivityKind.PARTY_CLASS]
    assert [one.topic for one in chapter.noted] == ["只登记了日期的党课"]
    assert chapter.recorded == []
    assert book.unreviewed == 1


def test_whoever_came_later_has_a_dash_for_what_was_before(world: BranchWorld) -> None:
    newcomer = make_member(world.branch, "新来的").member.person
    held = make_held(world, kind=ActivityKind.PARTY_CLASS, topic="新来之后")
    enter_attendance(world, held)
    (sheet,) = handbook_of(world.branch, YEAR).sheets
    assert dict(sheet.rows)[newcomer.name] == ["—", "—", "√"]


def test_the_document_has_contents_bookmarks_and_words(world: BranchWorld) -> None:
    group = make_group(world.branch, "机电党小组")
    make_member(world.branch, "组里的人", group=group)
    pdf = handbook_pdf(world.branch, YEAR)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        with document.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert len(document.pages) >= 6
    assert titles[:5] == [
        *("一、基本情况", "二、党员花名册", "三、支委分工", "四、党小组", "五、组织生活一览"),
    ]
    assert "六（1）、支部党员大会记录" in titles
    words = words_of(pdf)
    for expected in (
        *("党支部工作手册", "目录", "贺守田", "机电党小组", "组里的人", "皮带巷照明已恢复"),
        *("应到9人", "补装照明三处", "（未审核）", "考勤表", "已登记谈心谈话的有1对"),
    ):
        assert expected in words, expected


def test_nothing_of_a_talk_and_no_number_of_a_person_is_in_it(world: BranchWorld) -> None:
    words = words_of(handbook_pdf(world.branch, YEAR))
    assert SECRET not in words
    assert "井口候车室" not in words
    for person in world.members:
        assert not person.identity_number or person.identity_number not in words


def test_a_vote_without_a_quorum_is_told_with_its_reason(world: BranchWorld) -> None:
    held = make_held(world, topic="人不够的会")
    enter_attendance(world, held, absent=5)
    values = {"matter": "接收预备党员", "subject": VoteSubject.MEETING, "method": "hands"}
    recording.add_vote(held.pk, world.recorder, None, {**values, "present": 3})
    words = words_of(handbook_pdf(world.branch, YEAR))
    assert "表决：接收预备党员" in words
    assert "人不够的会" in words


def test_who_makes_the_handbook_of_which_branch(world: BranchWorld) -> None:
    other = make_branch("别的党支部")
    stranger = make_user("branch_secretary", unit=other)
    address = reverse("branch_handbook_document", args=[world.branch.code, YEAR])
    expected = {
        world.host: 200,
        world.recorder: 200,
        make_user("party_staff"): 200,
        make_user("party_approver"): 200,
        make_user("discipline_auditor"): 200,
        stranger: 404,
        make_user("employee"): 403,
        make_user("union_staff"): 403,
        make_user(person=world.ordinary[0]): 403,
    }
    found = {}
    for user in expected:
        client = Client()
        client.force_login(user)
        found[user] = client.get(address).status_code
    assert found == expected


def test_the_page_says_what_it_will_hold(world: BranchWorld) -> None:
    client = Client()
    client.force_login(world.host)
    text = client.get(reverse("branch_handbook")).content.decode()
    assert "生成工作手册（PDF）" in text
    assert "1份记录尚未审核" in text
    assert (
        client.get(reverse("branch_handbook"), {"branch": "x", "year": "1900"}).status_code == 200
    )
    nowhere = reverse("branch_handbook_document", args=[world.branch.code, 1900])
    assert client.get(nowhere).status_code == 404


def test_more_records_and_members_cost_no_more_queries(world: BranchWorld) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            handbook_of(world.branch, YEAR)
        return len(captured)

    few = queries()
    for number in range(3):
        make_member(world.branch, person=make_person(f"后来{number}"))
        make_reviewed(world)
    assert queries() == few


# ---- Closed at the end of the year


def captured(record: Record) -> dict[str, Any]:
    """Return what the ledger holds of a record."""
    return payload_of(LedgerEntry.objects.filter(record_id=record.pk).latest("sequence").sequence)


@pytest.fixture
def year_over(time_machine: Any) -> BranchWorld:
    time_machine.move_to("2026-12-10 09:00+08:00")
    world = make_world()
    make_reviewed(world)
    time_machine.move_to("2027-01-05 09:00+08:00")
    return world


def test_a_handbook_is_closed_once_after_its_year_by_those_who_keep_the_branch(
    year_over: BranchWorld,
) -> None:
    branch = year_over.branch
    with pytest.raises(NotYours):
        closing.close(branch, YEAR, make_user("discipline_auditor"))
    with pytest.raises(NotPossible):
        closing.close(branch, YEAR + 1, year_over.host)
    row = closing.close(branch, YEAR, year_over.host)
    with pytest.raises(ChangedMeanwhile):
        closing.close(branch, YEAR, year_over.recorder)
    body = b"".join(read(row.file))
    assert body.startswith(b"%PDF")
    assert row.content["activities"]


def test_from_the_middle_of_january_the_portal_closes_what_nobody_closed(
    year_over: BranchWorld,
) -> None:
    other = make_branch("机电队党支部", "DZ-JD")
    closing.close(year_over.branch, YEAR, year_over.host)
    assert closing.close_all(datetime.date(2027, 1, 15)) == "No handbook is due"
    assert closing.close_all(datetime.date(2027, 1, 16)) == "1 handbooks of 2026 were closed"
    assert closing.close_all(datetime.date(2027, 1, 17)) == "0 handbooks of 2026 were closed"
    row = ClosedHandbook.objects.get(branch=other)
    assert row.closed_by is None


def test_a_closed_handbook_is_a_record_with_its_pdf_and_somebody_or_a_rule_that_answers(
    year_over: BranchWorld,
) -> None:
    closing.close(year_over.branch, YEAR, year_over.host)
    make_branch("机电队党支部", "DZ-JD")
    closing.close_all(datetime.date(2027, 1, 16))
    queue.flush()
    records = list(Record.objects.filter(kind=closing.SOURCE_KIND).order_by("pk"))
    assert len(records) == 2
    for record in records:
        source_row = ClosedHandbook.objects.get(pk=int(record.source_id))
        payload = captured(record)
        assert payload["files"][0]["sha256"] == source_row.file.sha256
        (step,) = payload["process"]
        assert step["account"] or step["rule"]
    assert "主题" not in str(captured(records[1])["content"]["activities"])


def test_the_page_closes_and_says_so(year_over: BranchWorld) -> None:
    client = Client()
    client.force_login(year_over.host)
    shown = reverse("branch_handbook") + f"?branch={year_over.branch.code}&year={YEAR}"
    assert client.get(shown).context["closes"]
    address = reverse("branch_handbook_close", args=[year_over.branch.code, YEAR])
    assert client.post(address).status_code == 302
    page = client.get(shown)
    closed = page.context["closed"]
    assert closed.closed_by == year_over.host
    assert client.get(reverse("stored_file", args=[closed.file_id])).status_code == 200
    assert client.post(address).status_code == 409
    stranger = Client()
    stranger.force_login(make_user("branch_secretary", unit=make_branch("别的党支部", "DZ-X")))
    assert stranger.get(reverse("stored_file", args=[closed.file_id])).status_code == 404
