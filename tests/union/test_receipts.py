"""Receipts: their form, what people type, and what is kept of them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.anonymity import receipts

SYMBOLS = st.text(receipts.ALPHABET, min_size=16, max_size=16)
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def test_a_receipt_has_sixteen_symbols_of_crockfords_alphabet() -> None:
    seen = {receipts.new_receipt() for _number in range(200)}
    assert len(seen) == 200
    assert all(len(one) == 16 and set(one) <= set(receipts.ALPHABET) for one in seen)
    assert len(receipts.ALPHABET) == 32  # five bits each: eighty in all
    assert not set("ILOU") & set(receipts.ALPHABET)


@given(SYMBOLS)
def test_what_is_shown_can_be_typed_back(code: str) -> None:
    assert receipts.normalized(receipts.grouped(code)) == code


@given(SYMBOLS)
def test_lower_case_full_width_and_blanks_are_the_same_receipt(code: str) -> None:
    shown = receipts.grouped(code)
    for typed in (
        shown.lower(),
        shown.translate(WIDE),
        shown.lower().translate(WIDE),
        shown.replace("-", "－"),
        shown.replace("-", " — "),
        f"  {shown.replace('-', '，')}\n",
        code.replace("1", "l").replace("0", "o"),
        code.replace("1", "I").replace("0", "O"),
    ):
        assert receipts.normalized(typed) == code


@given(st.text(max_size=300))
def test_whatever_is_typed_becomes_symbols_only_and_stays_so(typed: str) -> None:
    once = receipts.normalized(typed)
    assert set(once) <= set(receipts.ALPHABET)
    assert receipts.normalized(once) == once[: receipts.LONGEST_TYPED]


def test_urn_and_opinion_have_no_value_in_common() -> None:
    code = receipts.new_receipt()
    macs = {receipts.opinion_mac(code), receipts.waiting_mac(code)}
    assert len(macs) == 2
    assert {len(mac) for mac in macs} == {32}
    assert receipts.opinion_mac(code) == receipts.keyed_digest("feedback:v1:", code)


def test_another_pepper_gives_another_digest(settings: pytest.FixtureRequest) -> None:
    code = receipts.new_receipt()
    before = receipts.opinion_mac(code)
    settings.RECEIPT_PEPPER = "YW5vdGhlci1yZWNlaXB0LXBlcHBlci1vZi0zMmJ5dGU="  # type: ignore[attr-defined]
    assert receipts.opinion_mac(code) != before


@given(SYMBOLS)
def test_a_text_that_holds_the_receipt_is_found(code: str) -> None:
    written = f"我的查询码是{receipts.grouped(code).lower().translate(WIDE)}，请回复。"
    assert receipts.is_mentioned(code, written)
    assert receipts.is_mentioned(code, unicodedata.normalize("NFKC", written))


def test_a_text_without_it_is_not() -> None:
    assert not receipts.is_mentioned("7K3M9QWX2DRT5HBA", "我的查询码没有写在这里。")
