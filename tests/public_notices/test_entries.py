"""What a notice says of a person, and what it never says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal.public_notices.entries import amount_range, entry, validate_entries
from tests.factories.people import IDENTITY_NUMBERS

BOUNDS = (5000, 10000, 20000)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "5000元以下"),
        ("4999.99", "5000元以下"),
        ("5000", "5000元至10000元"),
        ("9999.99", "5000元至10000元"),
        ("10000", "10000元至20000元"),
        ("20000", "20000元以上"),
    ],
)
def test_an_amount_is_shown_as_a_range(amount: str, words: str) -> None:
    assert amount_range(Decimal(amount), BOUNDS) == words


@given(st.decimals(0, 100_000, places=2))
def test_the_amount_itself_is_never_in_the_range(amount: Decimal) -> None:
    row = entry("张三", "采煤一队", "住房补贴", amount_range(amount, BOUNDS))
    validate_entries([row])
    if amount not in BOUNDS:
        assert f"{amount:.2f}" not in row["amount"]


@pytest.mark.parametrize("bounds", [(), (5000, 5000), (2, 1)])
def test_ranges_that_do_not_rise_are_refused(bounds: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="rise"):
        amount_range(Decimal(1), bounds)


def test_names_are_masked() -> None:
    assert entry("张三", "采煤一队", "住房补贴") == {
        "name": "张*",
        "unit": "采煤一队",
        "item": "住房补贴",
    }
    assert entry("欧阳明月", "机电科", "住房补贴")["name"] == "欧阳**"


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=30))
def test_no_name_gets_through_whole(name: str) -> None:
    row = entry(name, "机电科", "住房补贴")
    validate_entries([row])
    assert row["name"] != name
    assert len(row["name"]) == len(name)


GOOD = {"name": "张*", "unit": "采煤一队", "item": "住房补贴"}


@pytest.mark.parametrize(
    "rows",
    [
        [],
        None,
        {},
        "张*",
        ["张*"],
        [{**GOOD, "name": "张三"}],
        [{**GOOD, "name": "*张三"}],
        [{**GOOD, "name": ""}],
        [{**GOOD, "item": ""}],
        [{**GOOD, "phone": "13900000001"}],
        [{**GOOD, "unit": f"采煤一队 {IDENTITY_NUMBERS[0]}"}],
        [{**GOOD, "item": "住房补贴 13900000001"}],
        [{**GOOD, "item": "卡号尾号 ***0018"}],
        [{**GOOD, "amount": "8640元"}],
        [{**GOOD, "amount": "约8640元以下"}],
        [{**GOOD, "unit": "队" * 101}],
        [{**GOOD, "unit": 7}],
        [GOOD] * 501,
    ],
)
def test_rows_that_say_too_much_are_refused(rows: object) -> None:
    with pytest.raises(ValidationError):
        validate_entries(rows)
