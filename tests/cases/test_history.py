"""The steps of a closed case file: as plain values for the archive, as lines for people."""

from __future__ import annotations

import datetime

import pytest

from portal.cases.archive_source import _step as archived_step
from portal.cases.history import last_words, step_rows, steps_text
from portal.cases.models import Case, CaseEvent
from tests.factories.support import make_journey

pytestmark = pytest.mark.django_db

# 17:30 in Shanghai is 09:30 by the time the database keeps.
MOMENT = datetime.datetime(2026, 11, 23, 9, 30, tzinfo=datetime.UTC)


def event(case: Case, party: str, reason: str = "") -> CaseEvent:
    return CaseEvent(case=case, transition="submit", party=party, at=MOMENT, note_public=reason)


def test_rows_are_plain_values_and_lines_show_the_time_on_the_wall() -> None:
    case = make_journey().case
    rows = step_rows(case, [event(case, "system", "补正期满")])
    assert rows == [["2026-11-23T09:30:00+00:00", "提交", "系统", "补正期满"]]
    assert steps_text(rows) == "2026-11-23 17:30 系统：提交（补正期满）"


def test_an_applicant_without_an_account_is_not_the_portal() -> None:
    case = make_journey().case
    assert step_rows(case, [event(case, "applicant")])[0][2] == "申请人"


def test_files_that_kept_a_time_without_its_zone_stay_readable() -> None:
    assert steps_text([["2026-11-23 09:30", "提交", "张三", ""]]) == "2026-11-23 17:30 张三：提交"


def test_a_step_of_an_applicant_without_an_account_rests_on_no_rule_of_the_portal() -> None:
    case = make_journey().case
    assert "rule" not in archived_step(case, event(case, "applicant"))
    assert archived_step(case, event(case, "system"))["rule"]


def test_who_comes_too_late_reads_that_the_applicant_was_first() -> None:
    case = make_journey().case
    first = event(case, "applicant")
    first.sequence, first.from_state, first.to_state = 1, "draft", "submitted"
    first.save()
    assert last_words(case, own=False).startswith("申请人")
