"""The demo texts as data: complete, consistent, safe to show, no filler."""

from __future__ import annotations

import hashlib
import io
import re
import wave
from collections import Counter

import pytest
from PIL import Image
from stdnum.cn import ric

from branches.demo.activities import ACTIVITIES
from branches.demo.open_activities import OPEN_ACTIVITIES
from branches.demo.texts import ActivityText
from honors.demo.members import MEMBERS
from portal.demo import pictures
from portal.demo.attachments import attachment_file, sound_bytes
from portal.demo.organization import (
    BRANCHES,
    IDENTITY_NUMBERS,
    LOGINS,
    PEOPLE,
    UNITS,
    demo_phone,
)
from portal.demo.registry import parts
from portal.demo.texts import (
    Attachments,
    Audio,
    DemoText,
    Gallery,
    Picture,
    plain_length,
    prose,
)
from portal.roles.table import ROLES

LIVE = [text for part in parts() for text in part.texts if text.state == "live"]
ALL = [text for part in parts() for text in part.texts]


def test_there_are_enough_texts_of_every_kind() -> None:
    counts = Counter(part.kind for part in parts() for text in part.texts if text.state == "live")
    assert sum(counts.values()) >= 66
    assert counts["activity"] >= 24
    assert counts["news"] >= 10
    assert counts["notice"] >= 12
    assert counts["model-post"] >= 6
    assert counts["excellent-member"] >= 8
    assert counts["union-news"] >= 8
    assert counts["policy"] >= 8


def test_no_title_and_no_paragraph_appears_twice() -> None:
    titles = Counter(text.title for text in ALL)
    assert [title for title, count in titles.items() if count > 1] == []
    paragraphs = Counter(
        paragraph
        for text in ALL
        for block in text.body
        for paragraph in re.findall(r"<p>(.{12,}?)</p>", getattr(block, "html", ""))
    )
    assert [words for words, count in paragraphs.items() if count > 1] == []


@pytest.mark.parametrize("text", LIVE, ids=lambda text: text.key)
def test_a_live_text_has_a_believable_length(text: DemoText) -> None:
    assert 250 <= plain_length(text.body) <= 720
    assert 10 <= len(text.summary) <= 200
    assert text.summary not in text.title


def test_every_branch_and_every_kind_of_activity_is_there() -> None:
    assert {text.unit for text in ACTIVITIES} == {branch.unit for branch in BRANCHES}
    assert {text.activity_kind for text in ACTIVITIES} == {
        "general-meeting",
        "committee-meeting",
        "group-meeting",
        "party-class",
        "theme-day",
        "safety-activity",
        "other",
    }


def test_people_named_as_host_or_recorder_belong_to_the_branch_or_its_work() -> None:
    names = {person.name for person in PEOPLE}

    def stranger(text: ActivityText) -> bool:
        return not {text.host, text.recorder} <= names

    assert [text.key for text in (*ACTIVITIES, *OPEN_ACTIVITIES) if stranger(text)] == []


def test_units_are_known_and_parents_come_first() -> None:
    seen: set[str] = {""}
    for unit in UNITS:
        assert unit.parent in seen
        seen.add(unit.code)
    assert {text.unit for text in ALL} <= seen
    assert sum(branch.members for branch in BRANCHES) == 172
    assert sum(1 for unit in UNITS if unit.kind == "group") == 14


def test_every_role_has_a_shown_login_and_one_assignment_is_expired() -> None:
    assert {login.role for login in LOGINS if login.shown} == set(ROLES)
    assert sum(login.shown for login in LOGINS) >= 18
    expired = [login for login in LOGINS if login.valid_to]
    assert [(login.role, login.unit) for login in expired] == [("branch_secretary", "DZ07")]


def test_personal_numbers_are_invented() -> None:
    genders = {person.number: person.gender for person in PEOPLE}
    for employee, number in IDENTITY_NUMBERS.items():
        assert number.startswith("140000")
        assert ric.calc_check_digit(number) == number[-1]
        assert ("male" if int(number[16]) % 2 else "female") == genders[employee]
    assert all(re.fullmatch(r"139000000\d\d", demo_phone(person.number)) for person in PEOPLE)


def test_the_deliberate_faults_are_told() -> None:
    words = {text.key: str(text) for text in ALL}
    assert "未达到法定人数" in words["2026-09-28-failed-quorum"]
    assert "不得进行表决" in words["2026-05-28-failed-quorum"]
    assert "逾期" in words["2026-09-07-power-plant-election-overdue"]
    assert [text.key for text in MEMBERS if text.revoked] == ["2025-niu-zhihong-revoked"]
    assert "2026年11月20日至11月27日" in words["2026-11-20-safety-post-public-notice"]


def test_pictures_and_files_named_in_texts_can_be_made() -> None:
    made: set[str] = set()
    for text in ALL:
        assert not text.picture or text.picture in pictures.TITLES
        for block in text.body:
            if isinstance(block, Picture):
                assert block.key in pictures.TITLES
            elif isinstance(block, Gallery):
                assert {one.key for one in block.pictures} <= pictures.TITLES.keys()
            elif isinstance(block, Attachments):
                for item in block.items:
                    if item.key not in made:
                        name, content = attachment_file(item, text.unit)
                        assert content[:4] == (b"%PDF" if name.endswith(".pdf") else b"PK\x03\x04")
                        made.add(item.key)
            elif isinstance(block, Audio):
                content, seconds = sound_bytes(block.key)
                with wave.open(io.BytesIO(content)) as sound:
                    assert sound.getnframes() == int(seconds * sound.getframerate())


@pytest.mark.parametrize(
    ("key", "size"), [("headframe", (1600, 900)), ("portrait-miner", (900, 1100))]
)
def test_a_picture_is_small_and_always_the_same(key: str, size: tuple[int, int]) -> None:
    content = pictures.picture_bytes(key)
    assert len(content) <= pictures.LARGEST_BYTES
    assert Image.open(io.BytesIO(content)).size == size
    again = pictures.picture_bytes(key)
    assert hashlib.sha256(again).digest() == hashlib.sha256(content).digest()


def test_prose_joins_lines_and_marks_lists_and_bold() -> None:
    html = prose("第一行\n第二行\n\n## 小标题\n\n1. 一\n2. 二\n续\n\n**重点**结束").html
    assert html == (
        "<p>第一行第二行</p><h2>小标题</h2><ol><li>一</li><li>二续</li></ol><p><b>重点</b>结束</p>"
    )
