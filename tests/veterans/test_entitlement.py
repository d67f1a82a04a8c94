"""Amounts: caps, rounding and direction hold whatever the numbers are."""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.standards import amount, standard
from veterans.standards.conditions import Condition
from veterans.standards.entitlement import compute_standard, money, rounded

TODAY = datetime.date(2026, 11, 22)
YUAN = st.decimals(0, 99_999_999, places=2)
SHARE = st.decimals(0, 1, places=4)
CAP = st.none() | st.decimals(0, 50_000, places=2)
BANDS = st.lists(
    st.tuples(st.integers(1, 90_000), SHARE), max_size=4, unique_by=lambda band: band[0]
)


def computed(row, answers, granted=Decimal(0)):
    return compute_standard(standard(row), answers, granted, TODAY)


@given(YUAN, SHARE, YUAN, CAP, CAP, YUAN)
def test_caps_are_never_exceeded(paid, share, deductible, cap_case, cap_year, granted):
    """Neither the cap of the case nor what is left of the year is ever passed."""
    row = amount(
        method="ratio",
        ratio=share,
        base_field="own_payment",
        deductible=deductible,
        cap_case=cap_case,
        cap_year=cap_year,
    )
    result = computed(row, {"own_payment": str(paid)}, granted)
    assert result.amount >= 0
    assert result.amount <= paid
    assert cap_case is None or result.amount <= cap_case
    assert cap_year is None or result.amount <= max(Decimal(0), cap_year - granted)
    assert result.amount == result.amount.quantize(Decimal("0.01"))


@given(YUAN, YUAN, SHARE, CAP, CAP, YUAN, YUAN)
def test_more_paid_is_never_less_and_more_granted_is_never_more(
    paid, more, share, cap_case, cap_year, granted, granted_more
):
    """The amount follows what was paid, and goes against what was granted."""
    row = amount(
        method="ratio", ratio=share, base_field="own_payment", cap_case=cap_case, cap_year=cap_year
    )
    low, high = sorted((paid, more))
    assert (
        computed(row, {"own_payment": str(low)}, granted).amount
        <= computed(row, {"own_payment": str(high)}, granted).amount
    )
    early, late = sorted((granted, granted_more))
    answers = {"own_payment": str(paid)}
    assert computed(row, answers, late).amount <= computed(row, answers, early).amount


@given(BANDS, SHARE, YUAN, YUAN)
def test_bands_never_give_more_than_was_paid_and_rise(bands, last, paid, more):
    """A share by bands is between nothing and the whole sum, and rises with it."""
    row = amount(
        method="tier",
        base_field="own_payment",
        bands=(*((Decimal(end), share) for end, share in sorted(bands)), (None, last)),
    )
    low, high = sorted((paid, more))
    small = computed(row, {"own_payment": str(low)}).amount
    large = computed(row, {"own_payment": str(high)}).amount
    assert 0 <= small <= large <= high + Decimal("0.005")


@given(YUAN, SHARE)
def test_rounding_is_half_up_once(paid, share):
    """What is paid out is the exact product, rounded half up to the fen."""
    row = amount(method="ratio", ratio=share, base_field="own_payment")
    exact = paid * share
    assert computed(row, {"own_payment": str(paid)}).amount == exact.quantize(
        Decimal("0.01"), rounding=ROUND_HALF_UP
    )


@pytest.mark.parametrize(
    ("exact", "shown"), [("0.005", "0.01"), ("0.015", "0.02"), ("2.675", "2.68"), ("1.004", "1.00")]
)
def test_half_a_fen_goes_up(exact, shown):
    assert rounded(Decimal(exact)) == Decimal(shown)


def test_money_is_written_as_people_write_it():
    assert [money(Decimal(text)) for text in ("18000", "1200.5", "0")] == [
        "18,000",
        "1,200.50",
        "0",
    ]


def test_medical_example_of_the_policy():
    """30,000 at 60 % are 18,000; after 6,600 of a cap of 20,000 are 13,400 left."""
    row = amount(
        method="ratio",
        ratio=Decimal("0.6"),
        base_field="own_payment",
        cap_year=Decimal(20000),
        clause="第二条",
    )
    first = computed(row, {"own_payment": "11000"})
    assert first.amount == Decimal("6600.00")
    second = computed(row, {"own_payment": "３０，０００"}, first.amount)
    assert second.amount == Decimal("13400.00")
    assert any("20,000" in sentence and "13,400" in sentence for sentence in second.trace)
    assert "第二条" in second.trace[0]


def test_a_row_on_top_adds_to_the_first_that_fits():
    """Greetings: 1,000 for everybody and 500 on top for the bereaved."""
    bereaved = amount(
        id=2, label="三属另加", categories=("V3", "V4", "V5"), amount=Decimal(500), adds=True
    )
    result = compute_standard(
        standard(amount(amount=Decimal(1000)), bereaved), {"category": "V3"}, Decimal(0), TODAY
    )
    assert result.amount == Decimal(1500)
    assert result.row_ids == [1, 2]


def test_months_as_answered_are_limited_by_the_row():
    """A training allowance of 900 a month is paid for three months at most."""
    row = amount(amount=Decimal(900), quantity=3, quantity_field="months", unit="月")
    assert computed(row, {"months": "2"}).amount == Decimal(1800)
    result = computed(row, {"months": "8"})
    assert (result.amount, result.quantity, result.unit_amount) == (2700, 3, 900)


def test_a_missing_answer_is_said_and_nothing_is_invented():
    row = amount(method="ratio", ratio=Decimal("0.7"), base_field="price")
    result = computed(row, {})
    assert not result.complete
    assert result.amount == 0
    assert "没有填写" in result.trace[-1]


def test_no_row_fits():
    row = amount(amount=Decimal(5), categories=("V2",))
    result = computed(row, {"category": "V1"})
    assert not result.complete
    assert result.row_ids == []


def test_what_is_granted_in_kind_is_not_money():
    row = amount(method="in-kind", note="疗养七天")
    result = computed(row, {})
    assert result.amount == 0
    assert any("疗养七天" in sentence for sentence in result.trace)


def test_what_was_granted_is_not_negative():
    with pytest.raises(ValueError, match="negative"):
        computed(amount(amount=Decimal(1)), {}, Decimal(-1))


def test_a_condition_chooses_the_row():
    """The first row whose condition holds is the one that counts."""
    low = amount(
        id=1, amount=Decimal(10), condition=Condition("disability_level", "between", "7-10")
    )
    high = amount(
        id=2, amount=Decimal(20), condition=Condition("disability_level", "between", "1-6")
    )
    for level, expected in (("6", 20), ("7", 10), ("1", 20), ("10", 10)):
        answers = {"category": "V2", "disability_level": level}
        result = compute_standard(standard(low, high), answers, Decimal(0), TODAY)
        assert result.amount == expected
