"""What the rules of structure say of a branch: pure, with the thresholds of the facts."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.models import StructureRule
from branches.organization.checks import Facts, findings
from portal.workdays.periods import months_later

TODAY = datetime.date(2026, 11, 20)
RULES = {
    row[0]: StructureRule(
        code=row[0], low=row[1], usual=row[2], high=row[3], is_serious=row[4], clause="x"
    )
    for row in (
        ("too-few", 3, None, None, True),
        ("too-many", None, None, 50, False),
        ("no-committee", 7, None, None, True),
        ("committee-size", 3, 5, 7, False),
        ("no-secretary", 1, None, None, True),
        ("group-size", 3, None, None, False),
        ("term", None, None, 36, False),
        ("extension", None, None, 12, False),
        ("election", None, None, 6, False),
        ("overdue", None, None, 0, True),
    )
}
TERM = (datetime.date(2025, 1, 1), datetime.date(2027, 12, 31), None)


def term(last: datetime.date, extended: datetime.date | None = None) -> dict[str, Any]:
    first = months_later(last, -36) + datetime.timedelta(days=1)
    return {"term": (first, last, extended)}


def codes(**values: Any) -> dict[str, bool]:
    """Return what does not fit a branch that is right but for the values: code, serious."""
    facts = {"members": 20, "full": 19, "committee": 5, "has_secretary": True, "term": TERM}
    found = findings(Facts(**{**facts, **values}), RULES, TODAY)
    assert all(one.words and one.clause for one in found)
    return {one.code: one.is_serious for one in found}


CASES: list[tuple[dict[str, Any], dict[str, bool]]] = [
    ({}, {}),
    ({"members": 2, "full": 2, "committee": 0}, {"too-few": True}),
    ({"members": 5, "full": 3, "committee": 0}, {}),
    ({"members": 50, "full": 50}, {}),
    ({"members": 51, "full": 50}, {"too-many": False}),
    ({"members": 7, "full": 6, "committee": 0}, {}),
    ({"members": 7, "full": 7, "committee": 0}, {"no-committee": True}),
    ({"committee": 2}, {"committee-size": False}),
    ({"committee": 3}, {}),
    ({"committee": 6}, {"committee-size": False}),
    ({"committee": 7}, {"committee-size": False}),
    ({"committee": 8}, {"committee-size": True}),
    ({"has_secretary": False}, {"no-secretary": True}),
    ({"groups": (("一组", 3), ("二组", 2))}, {"group-size": False}),
    ({"term": None}, {"term": False}),
    ({"term": (datetime.date(2025, 1, 1), datetime.date(2028, 1, 1), None)}, {"term": False}),
    (term(datetime.date(2027, 5, 21)), {}),
    (term(datetime.date(2027, 5, 20)), {"election": False}),
    (term(TODAY), {"election": False}),
    (term(datetime.date(2026, 11, 19)), {"overdue": True}),
    (term(datetime.date(2026, 8, 20), datetime.date(2027, 8, 20)), {}),
    (term(datetime.date(2026, 8, 20), datetime.date(2027, 8, 21)), {"extension": False}),
    (term(datetime.date(2026, 8, 20), datetime.date(2026, 10, 20)), {"overdue": True}),
]


@pytest.mark.parametrize(("values", "expected"), CASES)
def test_a_threshold_is_the_last_number_that_fits(
    values: dict[str, Any], expected: dict[str, bool]
) -> None:
    assert codes(**values) == expected


@given(st.integers(0, 80), st.integers(0, 9), st.booleans())
def test_too_few_and_no_committee_never_meet_and_serious_things_come_first(
    full: int, committee: int, secretary: bool
) -> None:
    facts = Facts(full, full, committee, secretary, (), TERM)
    found = findings(facts, RULES, TODAY)
    names = [one.code for one in found]
    assert len(names) == len(set(names))
    assert not {"too-few", "no-committee"} <= set(names)
    assert [one.is_serious for one in found] == sorted(
        (one.is_serious for one in found), reverse=True
    )
    assert ("no-secretary" in names) is not secretary


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2050, 1, 1)), st.integers(-60, 60))
def test_months_keep_the_day_or_take_the_last_of_a_shorter_month(
    day: datetime.date, months: int
) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + datetime.timedelta(days=1)).day == 1
