"""What a message may say: registered words, declared variables, no personal detail."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from django.core.checks import Error
from django.utils.translation import gettext_lazy, override
from hypothesis import given
from hypothesis import strategies as st

from portal.notifications import checks, messages, variables
from portal.notifications.messages import message_kinds, places, problems, register_message, words
from portal.notifications.variables import (
    REFUSED_PARTS,
    Kind,
    PersonalVariable,
    WrongValues,
    declare_variable,
    to_store,
    variable,
    without_personal_numbers,
)
from tests.factories.people import IDENTITY_NUMBERS


@pytest.fixture(autouse=True)
def own_messages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test registers is forgotten after it."""
    monkeypatch.setattr(messages, "_kinds", dict(messages._kinds))
    monkeypatch.setattr(variables, "_declared", dict(variables._declared))
    yield


def test_no_message_of_the_portal_has_a_place_for_a_personal_detail() -> None:
    for kind in message_kinds():
        for name in kind.variables:
            assert variable(name).meaning
            assert not REFUSED_PARTS & set(name.split("_")), (kind.code, name)
    assert checks.messages(None) == []


@pytest.mark.parametrize(
    "name", ["name", "applicant", "phone", "person_name", "bank_card", "amount", "query_code"]
)
def test_a_variable_that_announces_a_personal_detail_is_refused(name: str) -> None:
    with pytest.raises(PersonalVariable):
        declare_variable(name, Kind.TEXT, "x")


def test_a_message_with_an_undeclared_variable_stops_the_checks() -> None:
    register_message("bad", "题", "%(shoe_size)s")
    found = checks.messages(None)
    assert {type(error) for error in found} == {Error}
    assert "shoe_size" in found[0].msg


def test_a_translation_with_other_variables_stops_the_checks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register_message("bad", "题", gettext_lazy("Sent"))
    kind = messages.message_kind("bad")
    assert problems(kind) == []
    monkeypatch.setitem(kind.__dict__, "variables", frozenset({"number"}))
    assert problems(kind) != []


@pytest.mark.parametrize("text", ["100%", "%d Tage", "%(number)d", "%s"])
def test_a_per_cent_sign_without_a_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="begins no variable"):
        places(text)


def test_a_message_needs_exactly_its_variables() -> None:
    register_message("some", "题", "%(number)s %(due_on)s", "sms", ("days",))
    kind = messages.message_kind("some")
    day = datetime.date(2026, 11, 30)
    assert kind.stored({"number": "YJ-2026-0001234", "due_on": day, "days": 3}) == {
        "number": "YJ-2026-0001234",
        "due_on": "2026-11-30",
        "days": 3,
    }
    for wrong in (
        {},
        {"number": "1", "due_on": day},
        {"number": "1", "due_on": day, "days": 3, "item": "x"},
        {"number": "1", "due_on": "2026-11-30", "days": 3},
        {"number": "1", "due_on": day, "days": "3"},
    ):
        with pytest.raises(WrongValues):
            kind.stored(wrong)


def test_words_are_in_the_language_of_the_reader() -> None:
    register_message("some", "题", "%(number)s %(due_on)s")
    stored = {"number": "7", "due_on": "2026-11-30"}
    with override("zh-hans"):
        assert words("some", stored).text == "7 2026年11月30日"
    with override("en"):
        assert "2026" in words("some", stored).text
        assert "年" not in words("some", stored).text


def test_what_was_kept_is_shown_after_the_message_was_changed_or_retired() -> None:
    with override("zh-hans"):
        assert words("gone", {"number": "7"}).title == "您有新消息"
        register_message("some", "题", "%(number)s，%(item)s")
        assert words("some", {"number": "7", "was": "x"}).text == "7，—"


@pytest.mark.parametrize(
    "text",
    [
        "13900000001",
        "139 0000 0001",
        "139-0000-0001",
        "１３９０００００００１",
        *IDENTITY_NUMBERS,
        "14000019850312001X",
        "6200000000000000018",
        "6200 0000 0000 0000 018",
        "1234-5678-9012-3456",
    ],
)
def test_numbers_of_people_are_never_kept(text: str) -> None:
    assert to_store("title", f"请联系{text}办理") == "请联系***办理"


@pytest.mark.parametrize(
    "text", ["YJ-2026-0001234", "沁岚党发〔2026〕7号", "Q001-WS·2026-Y-DQ-0001", "2026年11月21日"]
)
def test_numbers_of_papers_are_kept(text: str) -> None:
    assert to_store("number", text) == text


@given(st.text(max_size=40), st.sampled_from(IDENTITY_NUMBERS), st.text(max_size=40))
def test_no_text_around_it_hides_an_identity_number(before: str, number: str, after: str) -> None:
    text = without_personal_numbers(f"{before}，{number}，{after}")
    assert number not in text


@given(st.text())
def test_a_kept_text_is_one_line_of_bounded_length(text: str) -> None:
    kept = str(to_store("title", text))
    assert len(kept) <= variables.LONGEST_TEXT
    assert kept == " ".join(kept.split())
