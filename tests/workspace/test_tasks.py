"""My tasks: one question a source, sorted over all of them, the last day in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from portal.notifications.models import Message
from portal.workdays import calendar
from portal.workdays.words import due
from portal.workspace import submissions, tasks
from portal.workspace.submissions import Submission, SubmissionList, register_submissions
from portal.workspace.tasks import SHOWN, Task, TaskList, most_urgent, register_tasks
from tests.factories.pages import make_news_page, submit
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

WORKSPACE = "/workspace/"
TODAY = datetime.date(2026, 11, 20)  # a Friday


@pytest.fixture(autouse=True)
def own_sources(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test registers is forgotten after it."""
    monkeypatch.setattr(tasks, "_sources", dict(tasks._sources))
    monkeypatch.setattr(submissions, "_sources", dict(submissions._sources))
    yield


def signed_in(*roles: str) -> tuple[Any, Client]:
    user = make_user(*roles)
    client = Client()
    client.force_login(user)
    return user, client


def source(title: str, *days: datetime.date | None, count: int | None = None) -> TaskList:
    found = [Task(f"{title}{number}", f"/{number}/", "", day) for number, day in enumerate(days)]
    return TaskList(title, "/all/", len(found) if count is None else count, found)


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


# ---- Words of a last day


@pytest.mark.parametrize(
    ("on", "text", "tone"),
    [
        ("2026-11-25", "还有3个工作日", ""),
        ("2026-11-24", "还有2个工作日", "amber"),
        ("2026-11-23", "还有1个工作日", "amber"),
        ("2026-11-21", "已无剩余工作日", "amber"),
        ("2026-11-20", "今天到期", "amber"),
        ("2026-11-19", "已超期1个工作日", "red"),
        ("2026-11-18", "已超期2个工作日", "red"),
        ("2026-09-30", "已超期33个工作日", "red"),
        ("2027-01-08", "约还有35个工作日", ""),
    ],
)
def test_the_last_day_is_said_in_working_days(on: str, text: str, tone: str) -> None:
    found = due(datetime.date.fromisoformat(on), TODAY, calendar.current())
    assert (found.text, found.tone) == (text, tone)


def test_after_a_weekend_nothing_was_missed_yet() -> None:
    friday, sunday = TODAY, datetime.date(2026, 11, 22)
    assert due(friday, sunday, calendar.current()).text == "已到期"
    # 2026-10-10 is a Saturday that is worked in exchange.
    holiday = datetime.date(2026, 10, 9)
    assert due(holiday, datetime.date(2026, 10, 10), calendar.current()).days == -1


@given(st.dates(datetime.date(2025, 1, 1), datetime.date(2028, 1, 1)), st.integers(-60, 60))
def test_words_and_count_never_contradict_the_date(today: datetime.date, days: int) -> None:
    known = calendar.WorkingCalendar(frozenset({2025, 2026}), frozenset(), frozenset())
    on = today + datetime.timedelta(days=days)
    found = due(on, today, known)
    assert found.is_over == (on < today) == (found.tone == "red")
    assert found.days * days >= 0
    assert len(found.text) <= 25


# ---- Sorted over all sources


def test_tasks_are_sorted_over_all_sources_and_those_without_a_day_come_last() -> None:
    day = [TODAY + datetime.timedelta(days=number) for number in range(4)]
    rows = most_urgent(
        [source("甲", None, None), source("乙", day[1], day[3]), source("丙", day[0], day[1])],
        TODAY,
        calendar.current(),
    )
    assert [row.task.title for row in rows] == ["丙0", "乙0", "丙1", "乙1", "甲0", "甲1"]
    assert [row.source for row in rows][:2] == ["丙", "乙"]
    assert [row.due is None for row in rows] == [False] * 4 + [True] * 2


@given(
    st.lists(
        st.lists(st.none() | st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))),
        max_size=5,
    )
)
def test_the_first_of_every_source_are_enough_for_the_first_of_all(days: Any) -> None:
    """Each source gives its own first; the merged first are those of everything together."""
    known = calendar.WorkingCalendar(frozenset({2026}), frozenset(), frozenset())

    def order(day: datetime.date | None) -> tuple[bool, datetime.date]:
        return (day is None, day or TODAY)

    lists = [source("x", *sorted(found, key=order)[:SHOWN]) for found in days]
    everything = sorted((day for found in days for day in found), key=order)[:SHOWN]
    rows = most_urgent(lists, TODAY, known)
    assert [row.task.due_on for row in rows] == everything


def test_the_page_shows_the_words_and_says_how_many_there_are(time_machine: Any) -> None:
    time_machine.move_to("2026-11-20 09:00+08:00", tick=False)
    register_tasks(
        "test", lambda user: source("办理", TODAY, datetime.date(2026, 11, 17), count=31)
    )
    _user, client = signed_in("employee")
    page = client.get(WORKSPACE).content.decode()
    assert "今天到期" in page
    assert "已超期3个工作日" in page
    assert "<strong>31</strong>" in page
    assert "只列出最急的2项" in page
    assert "31项待办" in page


def test_a_source_that_fails_takes_no_page_with_it(caplog: Any) -> None:
    def fail(user: Any) -> TaskList:
        raise RuntimeError("a bad source")

    register_tasks("bad", fail)
    register_tasks("good", lambda user: source("好", TODAY))
    register_submissions("bad", fail)  # type: ignore[arg-type]
    _user, client = signed_in("employee")
    assert "好0" in client.get(WORKSPACE).content.decode()
    assert client.get("/").status_code == 200
    assert "a bad source" in caplog.text


# ---- The header


def test_a_visitor_costs_nothing_and_sees_no_number() -> None:
    asked = []
    register_tasks("test", lambda user: asked.append(user))
    visitor = Client()
    visitor.get("/")
    assert queries(visitor, "/") == 1
    page = visitor.get("/account/login/").content.decode()
    assert "/notifications/" not in page
    assert asked == []


def test_the_header_counts_all_sources_and_unread_messages() -> None:
    register_tasks("one", lambda user: source("甲", TODAY, count=3))
    register_tasks("two", lambda user: source("乙", TODAY, count=200))
    user, client = signed_in("employee")
    page = client.get("/").content.decode()
    assert '<span class="badge">99+<span class="visually-hidden"> 项待办</span></span>' in page
    assert "条未读" not in page
    cache.clear()
    Message.objects.create(user=user, code="x", event_key="x", created_at="2026-11-20T00:00Z")
    page = client.get("/").content.decode()
    assert '<span class="badge">1<span class="visually-hidden"> 条未读</span></span>' in page


def test_sources_are_asked_once_for_a_page_and_not_for_each_page() -> None:
    asked = []

    def ask(user: Any) -> TaskList:
        asked.append(user.pk)
        return source("甲", TODAY)

    register_tasks("test", ask)
    _user, client = signed_in("employee")
    client.get(WORKSPACE)
    assert len(asked) == 1, "header and page share one answer"
    for _visit in range(3):
        client.get("/")
    assert len(asked) == 1
    cache.clear()
    client.get("/")
    assert len(asked) == 2


def test_who_does_something_sees_the_new_number_at_once() -> None:
    left = [3]
    register_tasks("test", lambda user: source("甲", TODAY, count=left[0]))
    _user, client = signed_in("employee")
    assert '<span class="badge">3<' in client.get("/").content.decode()
    left[0] = 2
    assert '<span class="badge">3<' in client.get("/").content.decode()
    client.post(reverse("notifications_read_all"))
    assert '<span class="badge">2<' in client.get("/").content.decode()


def test_two_people_never_share_a_number() -> None:
    (first, one), (_second, other) = signed_in("employee"), signed_in("employee")
    register_tasks(
        "test", lambda user: source("甲", TODAY, count=7) if user.pk == first.pk else None
    )
    assert '<span class="badge">7<' in one.get("/").content.decode()
    assert '<span class="badge">' not in other.get("/").content.decode()


# ---- Reviews among the tasks


def test_reviews_are_tasks_of_the_reviewer_and_of_nobody_else() -> None:
    author = make_user("party_staff")
    submit(make_news_page(author, "待审的新闻"), author)
    _user, reviewer = signed_in("party_approver")
    page = reviewer.get(WORKSPACE).content.decode()
    assert "待审的新闻" in page
    assert "待我审核" in page
    for role in ("employee", "archivist", "system_administrator"):
        _user, other = signed_in(role)
        assert "待审的新闻" not in other.get(WORKSPACE).content.decode(), role


def test_two_hundred_tasks_cost_no_more_than_twenty() -> None:
    author = make_user("party_staff")
    _user, client = signed_in("party_approver")

    def counts() -> list[int]:
        cache.clear()
        client.get(WORKSPACE)
        found = [queries(client, WORKSPACE)]
        cache.clear()
        return [*found, queries(client, "/notices/")]

    for number in range(20):
        submit(make_news_page(author, f"稿件{number}"), author)
    counts()  # content types stay with the process
    few = counts()
    for number in range(30):
        submit(make_news_page(author, f"稿件更多{number}"), author)
    assert counts() == few


# ---- My submissions


def test_submissions_of_others_are_listed_with_where_they_stand() -> None:
    register_submissions(
        "test",
        lambda user: SubmissionList(
            "我的申请",
            "/all/",
            12,
            [Submission("住房补贴", "/case/", "待补正", "red", "YJ-2026-0001234", TODAY)],
        ),
    )
    register_submissions("none", lambda user: None)
    _user, client = signed_in("employee")
    page = client.get(WORKSPACE).content.decode()
    for words in ("我的申请", "住房补贴", "待补正", "YJ-2026-0001234", "2026年11月20日"):
        assert words in page
