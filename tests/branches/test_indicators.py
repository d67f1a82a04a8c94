"""Indicators of branches: thresholds, what counts, who sees which, and fixed queries."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import load_workbook

from branches.models import Activity, IndicatorCode, IndicatorRule, LifeRequirement
from branches.safety import pledges
from branches.year.indicators import Light, light_of, panel
from tests.factories.branches_members import make_members
from tests.factories.organizations import make_branch
from tests.factories.people import make_user
from tests.factories.safety import SafetyWorld, issue_pledges, make_safety_world

TODAY = datetime.date(2026, 11, 23)


def rule(code: str, good: str, fair: str, strict: tuple[int, int] = (1, 1)) -> IndicatorRule:
    return IndicatorRule(
        code=code,
        good=Decimal(good),
        fair=Decimal(fair),
        strict_month=strict[0],
        strict_day=strict[1],
    )


@pytest.mark.parametrize(
    ("value", "light"),
    [(85, Light.GOOD), (84.9, Light.WATCH), (70, Light.WATCH), (69.9, Light.BAD)],
)
def test_more_is_better_for_a_share(value: float, light: Light) -> None:
    assert light_of(rule(IndicatorCode.ATTENDANCE, "85", "70"), value, TODAY) is light


@pytest.mark.parametrize(
    ("value", "light"),
    [(3, Light.GOOD), (3.1, Light.WATCH), (10, Light.WATCH), (10.1, Light.BAD)],
)
def test_fewer_is_better_for_days(value: float, light: Light) -> None:
    assert light_of(rule(IndicatorCode.RECORDS, "3", "10"), value, TODAY) is light


def test_before_the_strict_day_a_bad_share_is_only_to_be_watched() -> None:
    talks = rule(IndicatorCode.TALKS, "100", "60", (12, 1))
    assert light_of(talks, 10, datetime.date(2026, 11, 30)) is Light.WATCH
    assert light_of(talks, 10, datetime.date(2026, 12, 1)) is Light.BAD


@given(some.floats(0, 100), some.floats(0, 100), some.dates())
def test_a_better_number_is_never_a_worse_light(
    one: float, other: float, day: datetime.date
) -> None:
    order = [Light.BAD, Light.WATCH, Light.GOOD]
    share = rule(IndicatorCode.PLEDGES, "100", "95", (2, 1))
    low, high = sorted((one, other))
    assert order.index(light_of(share, low, day)) <= order.index(light_of(share, high, day))


# ---- On pages


@pytest.fixture
def world(db: None, time_machine: Any) -> SafetyWorld:
    time_machine.move_to("2026-11-23 09:00+08:00")
    return make_safety_world()


def reading(world: SafetyWorld, code: str) -> tuple[Light, str]:
    shown = panel([world.branch, world.other], TODAY)
    place = [one.code for one in shown.indicators].index(code)
    found = shown.rows[0].readings[place]
    return found.light, found.words


def test_every_requirement_and_rule_is_a_column_with_a_clause(world: SafetyWorld) -> None:
    shown = panel([world.branch], TODAY)
    codes = [one.code for one in shown.indicators]
    assert codes == [
        *(row.kind for row in LifeRequirement.objects.all()),
        *("attendance", "records", "talks", "pledges"),
        *("election", "structure"),
    ]
    assert all(one.clause for one in shown.indicators)
    assert [len(row.readings) for row in shown.rows] == [len(codes)]


def test_pledges_count_by_who_signed(world: SafetyWorld) -> None:
    assert reading(world, "pledges") == (Light.BAD, "尚未发出")
    first, *_others = issue_pledges(world)
    pledges.sign(first.pk, first.digest(), world.secretary)
    assert reading(world, "pledges") == (Light.BAD, "20%（1/5）")


def test_records_count_in_working_days_on_average(world: SafetyWorld) -> None:
    for held, recorded in (("2026-11-02", "2026-11-03"), ("2026-11-02", "2026-11-17")):
        Activity.objects.create(
            branch=world.branch,
            kind="theme-day",
            topic="主题党日",
            held_on=held,
            recorded_on=recorded,
        )
    assert reading(world, "records") == (Light.WATCH, "平均6.0个工作日")


def test_branches_see_their_own_indicators_and_readers_all(world: SafetyWorld) -> None:
    def names(user: Any) -> set[str]:
        client = Client()
        client.force_login(user)
        page = client.get(reverse("branch_indicators"))
        assert page.status_code == 200
        return {row.branch.name for row in page.context["panel"].rows}

    assert names(world.staff) >= {world.branch.name, world.other.name}
    assert names(world.secretary) == {world.branch.name}
    assert names(world.outsider) == {world.other.name}
    employee = Client()
    employee.force_login(make_user("employee"))
    assert employee.get(reverse("branch_indicators")).status_code == 403


def test_any_number_of_branches_takes_the_same_queries(world: SafetyWorld) -> None:
    branches = [world.branch, world.other]
    panel(branches, TODAY)
    with CaptureQueriesContext(connection) as few:
        panel(branches, TODAY)
    for number in range(4):
        branch = make_branch(f"第{number}党支部", f"N{number}")
        make_members(branch, 3)
        branches.append(branch)
    with CaptureQueriesContext(connection) as many:
        shown = panel(branches, TODAY)
    assert len(shown.rows) == 6
    assert len(few) == len(many)


def test_excel_holds_the_branches_and_the_clauses(world: SafetyWorld) -> None:
    client = Client()
    client.force_login(world.secretary)
    answer: Any = client.get(reverse("branch_indicators_sheet"))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert [row[0].value for row in book.worksheets[0].iter_rows(min_row=2)] == [world.branch.name]
    assert book.worksheets[1].max_row >= 10
