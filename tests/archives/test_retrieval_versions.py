"""An item as it was on any day, and what changed between two of its versions."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.archives.models import EntryPayload, LedgerEntry, Record
from portal.archives.retrieval.differences import compare, differences
from portal.archives.retrieval.versions import as_of
from portal.archives.sources import ContentPart
from tests.archives.found_records import make_record
from tests.factories.organizations import make_branch
from tests.factories.people import make_user

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def history(db) -> list[Record]:
    """Three versions of one item; the second was withdrawn for two days, the third stands."""
    first = make_record(
        "制度", source_id="x", captured_at=at("2026-03-01T10:00"), body="<p>每班检身一次。</p>"
    )
    second = make_record(
        "制度（修订）",
        source_id="x",
        version=2,
        previous=first,
        captured_at=at("2026-04-01T23:59"),
        ended_at=at("2026-05-01T08:00"),
        body="<p>每班检身两次。</p><p>由班长负责。</p>",
    )
    third = make_record(
        "制度（修订）",
        source_id="x",
        version=3,
        previous=second,
        captured_at=at("2026-05-03T08:00"),
        body="<p>每班检身三次。</p>",
    )
    return [first, second, third]


@pytest.mark.parametrize(
    ("day", "version", "withdrawn"),
    [
        ("2026-02-28", None, None),
        ("2026-03-01", 1, None),
        ("2026-03-31", 1, None),
        ("2026-04-01", 2, None),
        ("2026-04-30", 2, None),
        ("2026-05-01", None, 2),
        ("2026-05-02", None, 2),
        ("2026-05-03", 3, None),
        ("2026-11-22", 3, None),
    ],
)
def test_the_version_of_a_day_is_the_one_published_at_its_end(history, day, version, withdrawn):
    state = as_of(history[0], datetime.date.fromisoformat(day), make_user("archivist"))

    assert (state.record and state.record.version) == version
    assert (state.withdrawn and state.withdrawn.version) == withdrawn
    assert state.first == datetime.date(2026, 3, 1)


def test_the_page_shows_what_was_captured(history):
    client = signed_in(make_user("archivist"))
    address = reverse("archive_as_of")

    def shown(day: str) -> str:
        response = client.get(address, {"record": history[2].pk, "date": day})
        assert response.status_code == 200
        return response.content.decode()

    assert "每班检身一次。" in shown("2026-03-15")
    html = shown("2026-04-15")
    assert "由班长负责。" in html
    assert "三次" not in html
    assert "已不再发布" in shown("2026-05-02")
    assert "最早的版本是 2026年3月1日" in shown("2026-01-01")
    assert client.get(address, {"record": history[0].pk}).status_code == 200


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("x", "2026-11-21"),
        ("", "请选择日期"),
        ("2126-01-01", "这一天还没有到"),
        ("2026-02-30", "2026-11-21"),
    ],
)
def test_a_bad_day_is_said_beside_the_field(history, day, words):
    response = signed_in(make_user("archivist")).get(
        reverse("archive_as_of"), {"record": history[0].pk, "date": day}
    )

    assert response.status_code == 200
    assert words in str(response.context["form"].errors["date"])


@pytest.mark.parametrize("key", ["", "x", "00000000-0000-4000-8000-000000000000"])
@pytest.mark.django_db
def test_an_unknown_record_is_not_found(key):
    client = signed_in(make_user("archivist"))
    assert client.get(reverse("archive_as_of"), {"record": key}).status_code == 404


def test_only_visible_versions_are_shown_and_no_older_one_in_their_place(history):
    """The version of the day is controlled: who may not read it learns nothing of it."""
    own = make_branch("甲队党支部")
    Record.objects.filter(source_id="x").update(unit=own)
    Record.objects.filter(pk=history[1].pk).update(access_level="controlled")
    day = datetime.date(2026, 4, 15)
    for role, seen in (
        ("archivist", True),
        ("discipline_auditor", True),
        ("party_staff", False),
        ("branch_secretary", False),
    ):
        user = make_user(role, unit=own)
        state = as_of(history[0], day, user)
        assert (state.record is not None) is seen, role
        client = signed_in(user)
        address = reverse("archive_as_of")
        page = client.get(address, {"record": history[0].pk, "date": "2026-04-15"})
        assert ("由班长负责" in page.content.decode()) is seen, role
        gone = client.get(address, {"record": history[1].pk, "date": "2026-04-15"})
        assert gone.status_code == (200 if seen else 404)
        compared = reverse("archive_difference", args=[history[0].pk, history[1].pk])
        assert client.get(compared).status_code == (200 if seen else 404), role
        kept = reverse("archive_difference", args=[history[0].pk, history[2].pk])
        assert client.get(kept).status_code == 200
    outsider = signed_in(make_user("branch_secretary", unit=make_branch("乙队党支部")))
    assert outsider.get(kept).status_code == 404
    assert outsider.get(reverse("archive_as_of"), {"record": history[0].pk}).status_code == 404


def test_the_difference_names_what_was_removed_and_added_in_words(history):
    client = signed_in(make_user("archivist"))
    # The order of the two in the address does not matter: the older one stands on the left.
    address = reverse("archive_difference", args=[history[1].pk, history[0].pk])

    html = client.get(address).content.decode()

    assert '<del><span class="visually-hidden">删去：</span>一</del>' in html
    assert '<ins><span class="visually-hidden">新增：</span>两</ins>' in html
    assert html.index("<del>") < html.index("<ins>")
    assert "由班长负责。" in html


def test_versions_of_different_items_are_not_compared(history):
    other = make_record("别的")
    client = signed_in(make_user("archivist"))
    for pair in ([history[0].pk, other.pk], [history[0].pk, history[0].pk]):
        assert client.get(reverse("archive_difference", args=pair)).status_code == 404


# ---- Comparing


def part(key: str, text: str) -> ContentPart:
    return ContentPart(key, key, text)


def test_parts_belong_together_by_their_keys():
    found = differences(
        [part("a", "甲"), part("b", "乙"), part("c", "丙")],
        [part("new", "新"), part("a", "甲"), part("c", "丁")],
    )

    assert [(row.label, row.change) for row in found] == [
        *(("new", "added"), ("a", "same"), ("b", "removed"), ("c", "changed")),
    ]


@given(st.text("甲乙丙，。\n a1", max_size=60), st.text("甲乙丙，。\n a1", max_size=60))
@settings(max_examples=150)
def test_both_sides_keep_their_whole_text_and_agree_on_the_rest(before, after):
    left, right = compare(before, after)

    assert "".join(stretch.text for stretch in left) == before
    assert "".join(stretch.text for stretch in right) == after
    same = ["".join(s.text for s in side if not s.changed) for side in (left, right)]
    assert same[0] == same[1]
    if before == after:
        assert not any(stretch.changed for stretch in (*left, *right))


def test_long_texts_are_compared_quickly():
    before = "".join(f"第{number}条，落实安全生产责任制。" for number in range(2_000))
    after = before.replace("第777条", "第七七七条")

    left, right = compare(before, after)

    assert [stretch.text for stretch in left if stretch.changed] == ["777"]
    assert [stretch.text for stretch in right if stretch.changed] == ["七七七"]


def test_of_erased_content_the_pages_say_that_it_was_erased(history, client):
    """Lawful destruction leaves the versions and their events, and no page fails on them."""
    first, second, _third = history
    entry = LedgerEntry.objects.get(record_id=first.pk, kind__in=["capture", "late-capture"])
    EntryPayload.objects.filter(sequence=entry.sequence).delete()
    client.force_login(make_user("archivist"))
    day = client.get(reverse("archive_as_of"), {"record": str(first.pk), "date": "2026-03-05"})
    difference = client.get(reverse("archive_difference", args=[second.pk, first.pk]))
    for response in (day, difference):
        assert response.status_code == 200
        assert "其内容已依法清除" in response.content.decode()
