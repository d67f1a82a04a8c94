"""The theme day of each month: the rule, days off, and the plans of a year."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.activities.planning import plan_year, year_preview
from branches.activities.theme_days import day_of, theme_days
from branches.models import Activity, ThemeDayRule
from portal.refusals import NotPossible, NotYours
from portal.workdays.calendar import WorkingCalendar
from tests.factories.activities import make_world
from tests.factories.people import make_user

# 2026: the first to the third of January are off, the fourth (a Sunday) is worked.
KNOWN = WorkingCalendar(
    frozenset({2026}),
    frozenset({datetime.date(2026, 1, 1), datetime.date(2026, 1, 2), datetime.date(2026, 1, 3)}),
    frozenset({datetime.date(2026, 1, 4)}),
)
RULES = st.builds(
    ThemeDayRule,
    day=st.integers(1, 5),
    weekday=st.one_of(st.none(), st.integers(0, 6)),
    onto_working_day=st.just(True),
)


@given(RULES, st.integers(2020, 2035))
def test_every_day_lies_in_its_month_and_is_worked(rule: ThemeDayRule, year: int) -> None:
    days = theme_days(rule, year, KNOWN)
    assert [found.month for found in days] == list(range(1, 13))
    for found in days:
        if found.day is not None:
            assert (found.day.year, found.day.month) == (year, found.month)
            assert KNOWN.is_working_day(found.day)
        assert (found.moved_from is not None) == (found.day != day_of(rule, year, found.month))


@given(st.integers(1, 5), st.integers(0, 6), st.integers(1, 12))
def test_the_nth_weekday_is_that_weekday(day: int, weekday: int, month: int) -> None:
    found = day_of(ThemeDayRule(day=day, weekday=weekday), 2026, month)
    if found is None:
        assert day == 5
    else:
        assert found.weekday() == weekday
        assert (found.day - 1) // 7 == day - 1


def test_a_day_off_is_moved_onto_the_next_worked_day() -> None:
    first = theme_days(ThemeDayRule(day=1), 2026, KNOWN)[0]
    assert (first.day, first.moved_from) == (datetime.date(2026, 1, 4), datetime.date(2026, 1, 1))


def test_the_last_day_stays_in_its_month() -> None:
    # 31 January 2026 is a Saturday.
    last = theme_days(ThemeDayRule(day=31), 2026, KNOWN)[0]
    assert last.day == datetime.date(2026, 1, 30)
    assert day_of(ThemeDayRule(day=31), 2026, 2) == datetime.date(2026, 2, 28)


def test_a_year_without_a_calendar_is_an_estimate() -> None:
    assert all(found.is_estimate for found in theme_days(ThemeDayRule(day=5), 2027, KNOWN))


@pytest.mark.django_db
def test_plans_are_made_for_months_ahead_that_have_none(time_machine: object) -> None:
    time_machine.move_to("2026-09-20 09:00+08:00")  # type: ignore[attr-defined]
    world = make_world()
    rule = ThemeDayRule.objects.create(branch=world.branch, day=1, weekday=4, place="活动室")
    Activity.objects.create(
        branch=world.branch, kind="theme-day", topic="已有", held_on=datetime.date(2026, 11, 3)
    )
    with pytest.raises(NotYours):
        plan_year(rule.pk, make_user("employee"), 2026, None, None)
    assert plan_year(rule.pk, world.host, 2026, None, None) == 2
    made = Activity.objects.filter(state="planned").order_by("held_on")
    assert [row.held_on.month for row in made] == [10, 12]
    assert all(there or found.month < 10 for found, there in year_preview(rule, 2026))
    with pytest.raises(NotPossible):
        plan_year(rule.pk, world.host, 2026, None, None)
