"""Comparisons: the closed set, the values they take, and what cannot be told."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from veterans.standards import vocabulary
from veterans.standards.conditions import Condition, Operator, full_years

TODAY = datetime.date(2026, 11, 22)


def holds(condition: Condition, **answers: str) -> bool | None:
    return condition.holds(vocabulary.values(answers), TODAY)


@pytest.mark.parametrize(
    ("condition", "answers", "expected"),
    [
        (Condition(), {}, True),
        (Condition("category", "eq", "V3"), {"category": "V3"}, True),
        (Condition("category", "ne", "V3"), {"category": "V3"}, False),
        (Condition("category", "in", "V3、V4，V5"), {"category": "V5"}, True),
        (Condition("category", "in", "V3"), {}, None),
        (Condition("disability_level", "between", "1至6"), {"disability_level": "6"}, True),
        (Condition("disability_level", "between", "1－6"), {"disability_level": "７"}, False),
        (Condition("household_size", "gte", "3"), {"household_size": "3"}, True),
        (Condition("household_size", "lte", "3"), {"household_size": "4"}, False),
        (Condition("spouse_receives", "eq", "no"), {"spouse_receives": "否"}, True),
        (Condition("birth_date", "exists"), {}, False),
        (Condition("birth_date", "exists"), {"birth_date": "1950年1月1日"}, True),
        (Condition("birth_date", "age_gte", "18"), {"birth_date": "2008-11-22"}, True),
        (Condition("birth_date", "age_gte", "18"), {"birth_date": "2008-11-23"}, False),
        (Condition("employed_since", "years_gte", "1"), {"employed_since": "2025-11-22"}, True),
        (Condition("employed_since", "lte", "2025-12-31"), {"employed_since": "2026/1/1"}, False),
        (Condition("area_per_person", "lte", "15"), {"area": "45", "household_size": "3"}, True),
        (
            Condition("area_per_person", "lte", "15"),
            {"area": "45.01", "household_size": "3"},
            False,
        ),
        (Condition("area_per_person", "lte", "15"), {"area": "45"}, None),
    ],
)
def test_conditions(condition, answers, expected):
    condition.check()
    assert holds(condition, **answers) is expected


@pytest.mark.parametrize(
    ("condition", "part"),
    [
        (Condition("salary", "eq", "1"), "field"),
        (Condition("", "eq", "1"), "field"),
        (Condition("category", "gte", "V1"), "operator"),
        (Condition("category", "eval", "V1"), "operator"),
        (Condition("category", "eq", "V12"), "value"),
        (Condition("category", "in", ""), "value"),
        (Condition("disability_level", "between", "6-1"), "value"),
        (Condition("disability_level", "between", "6"), "value"),
        (Condition("household_size", "gte", "许多"), "value"),
        (Condition("birth_date", "age_gte", "十八"), "value"),
        (Condition("birth_date", "exists", "1"), "value"),
    ],
)
def test_what_is_no_condition_is_refused_at_its_part(condition, part):
    with pytest.raises(ValidationError) as caught:
        condition.check()
    assert list(caught.value.message_dict) == [part]


@given(st.sampled_from(sorted(vocabulary.FIELDS)), st.sampled_from(Operator.values), st.text())
def test_a_condition_that_is_accepted_never_fails(field, operator, value):
    """Whatever passes the check can be asked and said in words."""
    condition = Condition(field, operator, value)
    try:
        condition.check()
    except ValidationError:
        return
    assert condition.holds({}, TODAY) in (None, False)
    assert condition.words()


@given(st.dictionaries(st.sampled_from(sorted(vocabulary.FIELDS)), st.text(max_size=12)))
def test_stored_answers_mean_the_same(answers):
    """What is kept as JSON reads back to the same values."""
    try:
        values = vocabulary.values(answers)
    except ValidationError:
        return
    assert vocabulary.values(vocabulary.stored(answers)) == values


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "1e400", "-1", "1.5", "99999999999", "１２３a"]
)
def test_numbers_that_are_none_are_refused(text):
    with pytest.raises(ValidationError):
        vocabulary.field("household_size").to_python(text)


def test_full_width_digits_spaces_and_separators_are_read():
    assert vocabulary.field("own_payment").to_python(" １２，０００．５０ ") == Decimal("12000.5")


def test_years_are_full_years():
    assert full_years(datetime.date(2008, 2, 29), datetime.date(2026, 2, 28)) == 17
    assert full_years(datetime.date(2008, 2, 29), datetime.date(2026, 3, 1)) == 18
