"""The pages of activities: lists, forms that keep what was typed, files, Excel."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from branches.activities.reading import choice_of
from branches.models import Activity, ActivityKind, ActivityState, ThemeDayRule, Vote
from portal.files.models import StoredFile
from portal.people.models import User
from tests.factories.activities import (
    BranchWorld,
    enter_attendance,
    make_held,
    make_notified,
    make_plan,
    make_reviewed,
    make_world,
)
from tests.factories.branches_members import make_member
from tests.factories.organizations import make_branch
from tests.factories.people import make_user
from tests.factories.uploads import recording_bytes, upload


@pytest.fixture
def world(db: None) -> BranchWorld:
    """A branch of nine."""
    return make_world()


def client_of(user: User) -> Client:
    """Return a client that is signed in."""
    client = Client()
    client.force_login(user)
    return client


def topics(client: Client, **query: str) -> list[str]:
    """Return the topics of the list."""
    page = client.get(reverse("branch_activities"), query)
    return [row.topic for row in page.context["page_obj"]]


def test_the_list_is_filtered_and_sorted(world: BranchWorld) -> None:
    make_plan(world, topic="学习安全规程")
    make_held(world, topic="讨论隐患整改", kind=ActivityKind.THEME_DAY)
    client = client_of(world.host)
    assert topics(client) == ["学习安全规程", "讨论隐患整改"]
    assert topics(client, sort="oldest") == ["讨论隐患整改", "学习安全规程"]
    assert topics(client, state="held") == ["讨论隐患整改"]
    assert topics(client, kind="theme-day") == ["讨论隐患整改"]
    assert topics(client, q="规程") == ["学习安全规程"]
    assert topics(client, year="1999") == []
    assert topics(client, unit=make_branch().code) == []
    assert topics(client, show="reviews") == []


@pytest.mark.parametrize(
    "query",
    ["state=x&kind=%00", "year=２０２６", "unit=%27&sort=x&page=x", "year=0000", "year=9999"],
)
def test_nonsense_in_the_address_shows_the_usual_list(query: str, world: BranchWorld) -> None:
    make_plan(world)
    client = client_of(world.host)
    answer = client.get(f"{reverse('branch_activities')}?{query}")
    assert answer.status_code == 200
    assert not query.startswith("year") or len(answer.context["page_obj"]) == 1
    sheet = client.get(f"{reverse('branch_activities_sheet')}?{query}")
    assert sheet.status_code == 200


def test_a_year_is_one_in_which_there_can_be_a_branch() -> None:
    this = timezone.localdate().year
    known = (1921, 2026, this + 1)
    assert [choice_of({"year": str(year)}).year for year in known] == [str(one) for one in known]
    for typed in ("0000", "1920", str(this + 2), "9999", "+926"):
        assert choice_of({"year": typed}).year == "", typed


def test_excel_holds_the_list_and_names_nobody_who_was_away(world: BranchWorld) -> None:
    make_reviewed(world, absent=2)
    answer: Any = client_of(world.reviewer).get(reverse("branch_activities_sheet"))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[1][3] == "讨论第四季度安全工作"
    assert rows[1][9:11] == (9, 7)
    cells = {str(cell) for row in rows for cell in row}
    assert not cells & {person.name for person in world.ordinary}


def plan_form(world: BranchWorld, **values: Any) -> dict[str, Any]:
    """Return the form of a plan."""
    assert world.host.person is not None
    assert world.recorder.person is not None
    return {
        "kind": "general-meeting",
        "topic": "讨论冬季三防",
        "day": (timezone.localdate() + datetime.timedelta(days=3)).isoformat(),
        "starts": "15:00",
        "ends": "16:30",
        "place": "活动室",
        "host": world.host.person.pk,
        "recorder": world.recorder.person.pk,
        **values,
    }


def test_a_plan_is_made_in_shanghai_time(world: BranchWorld) -> None:
    answer = client_of(world.host).post(reverse("branch_activity_new"), plan_form(world))
    made = Activity.objects.get()
    assert answer.url == reverse("branch_activity", args=[made.pk])  # type: ignore[attr-defined]
    assert made.starts_at is not None
    assert timezone.localtime(made.starts_at).strftime("%H:%M") == "15:00"
    assert made.state == ActivityState.PLANNED


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends": "14:00"}, "ends"),
        ({"day": "2026-13-40"}, "day"),
        ({"day": "2199-01-01"}, "day"),
        ({"kind": "group-meeting"}, "group"),
        ({"host": "999999"}, "host"),
        ({"guests": "同名"}, "guests"),
        ({"topic": ""}, "topic"),
    ],
)
def test_a_wrong_plan_says_where_and_keeps_what_was_typed(
    wrong: dict[str, str], field: str, world: BranchWorld
) -> None:
    for _number in range(2):
        make_member(world.branch, "同名")
    answer = client_of(world.host).post(
        reverse("branch_activity_new"), plan_form(world, place="三楼西侧", **wrong)
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "三楼西侧" in answer.content.decode()
    assert not Activity.objects.exists()


def test_only_who_keeps_a_branch_plans_for_it(world: BranchWorld) -> None:
    for user in (make_user("employee"), make_user("discipline_auditor")):
        assert client_of(user).get(reverse("branch_activity_new")).status_code == 403
    other = make_branch()
    answer = client_of(world.host).post(
        f"{reverse('branch_activity_new')}?branch={other.code}", plan_form(world)
    )
    # A secretary of one branch plans for it, whatever the address says.
    assert answer.status_code == 302
    assert Activity.objects.get().branch == world.branch


def test_minutes_keep_what_was_typed_and_name_the_field(world: BranchWorld) -> None:
    activity = make_held(world)
    client = client_of(world.recorder)
    address = reverse("branch_activity_minutes", args=[activity.pk])
    form: dict[str, Any] = {
        "version": activity.version,
        "minutes": "原样保留的记录",
        "speeches-TOTAL_FORMS": "1",
        "speeches-INITIAL_FORMS": "0",
        "speeches-0-points": "没有选发言人",
        "resolutions-TOTAL_FORMS": "1",
        "resolutions-INITIAL_FORMS": "0",
        "resolutions-0-text": "没有责任人",
    }
    answer = client.post(address, form)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("原样保留的记录", "没有选发言人", "没有责任人"):
        assert words in page
    person = world.ordinary[0].pk
    due_on = timezone.localdate().isoformat()
    whole = {
        **form,
        "speeches-0-person": person,
        "resolutions-0-responsible": person,
        "resolutions-0-due_on": due_on,
    }
    assert client.post(address, whole).status_code == 302
    stale = client.post(address, {**whole, "minutes": "旧窗口里的话"})
    assert stale.status_code == 409
    assert "旧窗口里的话" in stale.content.decode()
    activity.refresh_from_db()
    assert activity.minutes == "原样保留的记录"
    assert activity.speeches.get().points == "没有选发言人"
    assert activity.resolutions.get().responsible_id == person


def test_a_vote_on_the_page_says_why_it_was_not_opened(world: BranchWorld) -> None:
    activity = make_held(world)
    enter_attendance(world, activity, absent=6)
    client = client_of(world.recorder)
    address = reverse("branch_activity_vote", args=[activity.pk])
    activity.refresh_from_db()
    form = {
        "version": activity.version,
        "matter": "年度评优",
        "subject": "meeting",
        "method": "hands",
        "present": "2",
    }
    wrong = client.post(address, {**form, "yes": "2"})
    assert wrong.status_code == 422
    assert 'value="年度评优"' in wrong.content.decode()
    page = client.post(address, form, follow=True).content.decode()
    assert "未进行表决" in page
    assert "第十一条" in page
    assert Vote.objects.get().present == 2


def test_files_are_read_by_readers_and_not_by_members(
    world: BranchWorld, settings: Any, tmp_path: Path
) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path
    activity = make_held(world)
    client = client_of(world.recorder)
    address = reverse("branch_activity_files", args=[activity.pk])
    form = {"version": activity.version, "purpose": "photo", "files": upload(name="现场.jpg")}
    assert client.post(address, form).status_code == 302
    file = StoredFile.objects.get()
    shown = reverse("stored_file", args=[file.pk])
    member = make_user(person=world.ordinary[0])
    for user, status in ((world.host, 200), (make_user("party_approver"), 200), (member, 404)):
        assert client_of(user).get(shown).status_code == status
    activity.refresh_from_db()
    removed = client.post(address, {"version": activity.version, "remove": str(file.pk)})
    assert removed.status_code == 302
    assert not StoredFile.objects.exists()


def test_a_recording_of_a_meeting_is_kept_and_played_in_its_page(
    world: BranchWorld, settings: Any, tmp_path: Path
) -> None:
    settings.PRIVATE_FILES_ROOT = tmp_path
    activity = make_held(world)
    client = client_of(world.recorder)
    address = reverse("branch_activity_files", args=[activity.pk])
    sound = upload(recording_bytes("mp3"), name="党员大会录音.mp3")
    form = {"version": activity.version, "purpose": "recording", "files": sound}
    page = client.post(address, form, follow=True).content.decode()
    file = StoredFile.objects.get()
    assert f'controls preload="none" src="{file.get_absolute_url()}?show=1"' in page
    played = client.get(file.get_absolute_url() + "?show=1")
    assert played["Content-Type"] == "audio/mpeg"
    assert played["Content-Disposition"].startswith("inline")
    video = upload(recording_bytes("m4a", video=True), name="录像.m4a")
    form = {**form, "version": activity.version + 1, "files": video}
    refused = client.post(address, form, follow=True)
    assert "是视频" in refused.content.decode()
    assert StoredFile.objects.count() == 1


def test_the_pages_of_rules_of_one_s_own_and_of_the_screen_open(world: BranchWorld) -> None:
    ThemeDayRule.objects.create(branch=world.branch, day=1, weekday=4)
    activity = make_notified(world, starts_in=datetime.timedelta(minutes=5))
    keeper = client_of(world.host)
    for address in (
        reverse("branch_theme_day"),
        reverse("my_activities"),
        reverse("branch_talks"),
        reverse("branch_talk_new"),
        reverse("branch_activity_edit", args=[activity.pk]),
        reverse("branch_activity_screen", args=[activity.pk]),
        reverse("workspace"),
    ):
        assert keeper.get(address).status_code == 200, address
    saved = keeper.post(reverse("branch_theme_day"), {"day": "9", "weekday": "4"})
    assert saved.status_code == 422
    member = client_of(make_user(person=world.ordinary[0]))
    assert activity.topic in member.get(reverse("my_activities")).content.decode()
    asked = member.post(
        reverse("branch_activity_leave", args=[activity.pk]), {"reason": "", "note": "随班下井"}
    )
    assert asked.status_code == 422
    assert "随班下井" in asked.content.decode()
