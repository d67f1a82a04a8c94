"""Limits of the handling of opinions, and who opens the pages of the office."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from portal.cases.models import CaseClock
from portal.refusals import NotPossible
from portal.roles.table import ROLES
from tests.factories.opinions import Handled
from tests.factories.people import make_user
from tests.union.test_handling import handled, monday, signed_in
from union.models import OpinionLimit
from union.opinions import limit_rows, limits

__all__ = ["handled", "monday"]  # fixtures

pytestmark = [pytest.mark.database, pytest.mark.django_db]
ONE_DAY = datetime.timedelta(days=1)


def test_limits_are_rows_that_begin_tomorrow(handled: Handled) -> None:
    today = datetime.date(2026, 11, 23)
    with pytest.raises(NotPossible, match="明天"):
        limit_rows.announce(handled.office, limits.REPLY, 5, "试行", today)
    with pytest.raises(NotPossible, match="工会"):
        limit_rows.announce(handled.handler, limits.REPLY, 5, "试行", today + ONE_DAY)
    # Sixty calendar days by law; forty-four working days are more.
    with pytest.raises(NotPossible, match="信访工作条例"):
        limit_rows.announce(handled.office, limits.REPLY, 44, "试行", today + ONE_DAY)
    limit_rows.announce(handled.office, limits.REPLY, 5, "工会第三次会议", today + ONE_DAY)
    assert limits.limit(limits.REPLY, today).days == 10
    assert limits.limit(limits.REPLY, today + ONE_DAY).days == 5
    with pytest.raises(NotPossible, match="公布过"):
        limit_rows.announce(handled.office, limits.REPLY, 6, "试行", today + ONE_DAY)


def test_a_running_clock_keeps_its_days(handled: Handled, time_machine: Any) -> None:
    handled.to("handling")
    OpinionLimit.objects.create(
        code="reply", days=3, kind="working", clause="试行", effective_from="2026-11-24"
    )
    time_machine.move_to("2026-11-24 09:00+08:00")
    assert CaseClock.objects.get(case=handled.pk, code="reply").days == 10
    later = Handled()
    later.to("handling")
    clock = CaseClock.objects.get(case=later.pk, code="reply")
    assert (clock.days, later.case.due_on) == (3, datetime.date(2026, 11, 27))
    assert "试行" in signed_in(handled.office).get(f"/cases/{later.pk}/").content.decode()


@pytest.mark.parametrize("code", sorted(ROLES))
def test_office_pages_are_open_to_these_roles(code: str) -> None:
    client = signed_in(make_user(code))
    base = "/participation/handling/"
    union = 200 if code in ("union_staff", "union_chair") else 403
    for page in ("limits/", "figures/", "figures/sheet/"):
        assert client.get(base + page).status_code == union, page
    assert client.get(base + "help/").status_code == (200 if code == "opinion_handler" else 403)
    branch = code in ("branch_secretary", "organization_member")
    assert client.get(base + "matters/new/").status_code == (200 if branch else 403)
    questions = "/participation/open-management/questions/"
    answering = code in ("union_staff", "opinion_handler")
    assert client.get(questions).status_code == (200 if answering else 403)
