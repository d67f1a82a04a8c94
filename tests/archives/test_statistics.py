"""Figures of the archive: filed against expected, time taken, returns, formats, annual report."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.archives import renders, store
from portal.archives.inspection import package
from portal.archives.models import (
    ExpectedFiling,
    FiguresOfYear,
    FileFigure,
    PageCount,
    PoolItem,
    Record,
    RecordFile,
    RecordState,
)
from portal.archives.statistics import annual, figures, lifecycle
from portal.archives.statistics.filings import Filings, filings
from portal.archives.statistics.lags import from_histogram, lags
from portal.archives.statistics.reach import Reach
from portal.organizations.models import Unit
from portal.publishing import queue
from tests.factories.archives import bare_record, record_of
from tests.factories.organizations import make_branch
from tests.factories.pages import make_news_page
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

TODAY = datetime.date(2026, 11, 22)


def reach_of(user: Any, **parameters: Any) -> Reach:
    request = RequestFactory().get("/", parameters)
    request.user = user
    return Reach.of(request)


@pytest.fixture
def archivist() -> Any:
    return make_user("archivist")


def meeting(unit: Unit, month: int, subkind: str = "theme-day", **fields: Any) -> Record:
    date = datetime.date(fields.pop("year", 2026), month, 10)
    return bare_record(unit=unit, subkind=subkind, business_date=date, year=date.year, **fields)


def of_unit(found: Filings, unit: Unit) -> Any:
    (result,) = [result for result in found.units if result.unit == unit]
    return result


# ---- filed against expected


def test_what_branches_owe_is_data_with_its_clause() -> None:
    rows = {row.subkind: row for row in ExpectedFiling.objects.filter(kind="activity")}
    assert {subkind: (row.count, row.interval) for subkind, row in rows.items()} == {
        "general-meeting": (1, "quarter"),
        "committee-meeting": (1, "month"),
        "party-class": (1, "quarter"),
        "theme-day": (1, "month"),
    }
    assert all("支部工作条例" in row.clause for row in rows.values())
    assert {row.unit_kind for row in rows.values()} == {"party-branch"}


def test_a_branch_that_filed_nothing_is_told_everything_that_is_missing(archivist: Any) -> None:
    branch = make_branch()
    result = of_unit(filings(reach_of(archivist), TODAY), branch)
    first = result.of_quarter(1)
    # Three months of committee meetings and theme days, one general meeting, one Party class.
    assert (first.counted, first.expected, first.percent) == (0, 8, 0)
    assert first.missing_words == (
        "支部党员大会缺第1季度；支部委员会缺1至3月；党课缺第1季度；主题党日缺1至3月"
    )
    assert result.year.missing_words.startswith("支部党员大会缺第1至3季度；支部委员会缺1至10月；")
    # Of the running quarter, October is over; November and the quarter are not.
    assert result.of_quarter(4).expected == 2
    assert result.year.expected == 8 * 3 + 2


def test_what_is_filed_counts_and_more_of_one_kind_makes_up_for_nothing(archivist: Any) -> None:
    branch = make_branch()
    for month in (1, 1, 1, 2):
        meeting(branch, month)
    meeting(branch, 3, "general-meeting")
    result = of_unit(filings(reach_of(archivist), TODAY), branch)
    first = result.of_quarter(1)
    assert (first.counted, first.percent) == (3, 37)
    assert "主题党日缺3月" in first.missing_words
    assert "支部党员大会" not in first.missing_words


def test_a_complete_quarter_is_a_hundred(archivist: Any) -> None:
    branch = make_branch()
    for month in (1, 2, 3):
        meeting(branch, month)
        meeting(branch, month, "committee-meeting", state=RecordState.ACCEPTED)
    meeting(branch, 2, "general-meeting")
    meeting(branch, 3, "party-class")
    first = of_unit(filings(reach_of(archivist), TODAY), branch).of_quarter(1)
    assert (first.percent, first.gaps, first.missing_words) == (100, [], "")


def test_what_is_filed_early_counts_before_it_is_due(archivist: Any) -> None:
    branch = make_branch()
    meeting(branch, 11)
    last = of_unit(filings(reach_of(archivist), TODAY), branch).of_quarter(4)
    assert (last.counted, last.expected) == (1, 3)
    # On the first day of the next month it is due; before that it is not missing.
    december = of_unit(filings(reach_of(archivist), datetime.date(2026, 12, 1)), branch)
    assert december.of_quarter(4).expected == 4


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (RecordState.CAPTURED, True),
        (RecordState.POOL, True),
        (RecordState.RETURNED, True),
        (RecordState.ACCEPTED, True),
        (RecordState.APART, False),
        (RecordState.SUPERSEDED, False),
    ],
)
def test_which_states_count(archivist: Any, state: str, counts: bool) -> None:
    branch = make_branch()
    meeting(branch, 1, state=state)
    assert of_unit(filings(reach_of(archivist), TODAY), branch).year.counted == counts


def test_only_the_newest_version_counts_under_its_own_month(archivist: Any) -> None:
    branch = make_branch()
    first = meeting(branch, 1, state=RecordState.ACCEPTED, source_id="s")
    meeting(branch, 2, source_id="s", version=2, previous=first)
    result = of_unit(filings(reach_of(archivist), TODAY), branch)
    assert [
        gap.months[0] for gap in result.of_quarter(1).gaps if gap.duty.subkind == "theme-day"
    ] == [1, 3]


def test_a_controlled_record_is_counted_for_those_only_who_may_read_it(archivist: Any) -> None:
    """A number would say that it exists, and a gap that is none in which month."""
    branch = make_branch()
    meeting(branch, 1, access_level="controlled")
    secretary = make_user("branch_secretary", unit=branch)
    assert of_unit(filings(reach_of(secretary), TODAY), branch).year.counted == 0
    assert of_unit(filings(reach_of(archivist), TODAY), branch).year.counted == 1


def test_a_unit_owes_nothing_before_it_was_founded_or_after_it_ended(archivist: Any) -> None:
    founded, ended = make_branch(), make_branch()
    Unit.objects.filter(pk=founded.pk).update(valid_from=datetime.date(2026, 2, 15))
    Unit.objects.filter(pk=ended.pk).update(valid_to=datetime.date(2026, 4, 30))
    gone = make_branch()
    Unit.objects.filter(pk=gone.pk).update(valid_to=datetime.date(2025, 12, 31))
    found = filings(reach_of(archivist), TODAY)
    assert of_unit(found, founded).of_quarter(1).expected == 2
    assert of_unit(found, ended).of_quarter(2).expected == 2
    assert gone not in [result.unit for result in found.units]


def test_an_excepted_unit_owes_nothing_of_that_kind(archivist: Any) -> None:
    branch = make_branch()
    ExpectedFiling.objects.get(subkind="committee-meeting").excepted_units.add(branch)
    result = of_unit(filings(reach_of(archivist), TODAY), branch)
    assert result.of_quarter(1).expected == 5


def test_a_yearly_duty_and_one_of_several_a_month(archivist: Any) -> None:
    ExpectedFiling.objects.all().delete()
    for subkind, count, interval in (("other", 2, "month"), ("safety-activity", 3, "year")):
        ExpectedFiling.objects.create(
            kind="activity",
            subkind=subkind,
            count=count,
            interval=interval,
            unit_kind="party-branch",
            clause="本单位规定",
        )
    branch = make_branch()
    meeting(branch, 1, "other")
    meeting(branch, 5, "safety-activity")
    before = of_unit(filings(reach_of(archivist), TODAY), branch)
    assert (before.of_quarter(1).counted, before.of_quarter(1).expected) == (1, 6)
    assert before.of_quarter(1).missing_words.endswith("缺1月、2至3月各2次")
    after = of_unit(filings(reach_of(archivist), datetime.date(2027, 1, 1)), branch)
    assert after.of_quarter(4).expected == 6 + 3
    assert "缺全年2次" in after.of_quarter(4).missing_words


def test_a_duty_without_detail_counts_every_detail(archivist: Any) -> None:
    ExpectedFiling.objects.all().delete()
    ExpectedFiling.objects.create(
        kind="activity", count=1, interval="month", unit_kind="party-branch", clause="x"
    )
    branch = make_branch()
    meeting(branch, 1, "theme-day")
    meeting(branch, 2, "other")
    assert of_unit(filings(reach_of(archivist), TODAY), branch).year.counted == 2


def test_months_and_kinds_are_summed_over_the_units(archivist: Any) -> None:
    first, second = make_branch(), make_branch()
    meeting(first, 1)
    meeting(second, 1, state=RecordState.ACCEPTED)
    found = filings(reach_of(archivist), TODAY)
    january = found.months[0]
    assert (january.filed, january.accepted, january.expected) == (2, 1, 4)
    assert found.months[10].expected == 0
    matrix = {duty.subkind: cells for duty, cells in found.matrix}
    assert [(cell.filed, cell.expected) for cell in matrix["theme-day"]][:2] == [(2, 2), (0, 2)]
    assert [cell.expected for cell in matrix["general-meeting"]] == [2, 2, 2, 0]


def test_the_number_of_queries_does_not_grow_with_units_and_records(archivist: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            filings(reach_of(archivist), TODAY)
        return len(captured)

    make_branch()
    queries()
    few = queries()
    for _number in range(5):
        branch = make_branch()
        for month in range(1, 11):
            meeting(branch, month)
    assert queries() == few <= 6


# ---- time taken


def at(date: datetime.date, hour: int = 12) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time(hour)))


def test_days_are_counted_between_dates_in_shanghai(archivist: Any) -> None:
    branch = make_branch()
    day = datetime.date(2026, 3, 10)
    for later in (0, 1, 4):
        # Just after midnight in Shanghai, when it is still yesterday in London.
        meeting(branch, 3, captured_at=at(day + datetime.timedelta(days=later), 1))
    meeting(branch, 3, captured_at=at(day - datetime.timedelta(days=5)))
    meeting(branch, 3, captured_at=at(day), version=2)
    lag = lags(reach_of(archivist, unit=branch.code)).capture
    assert (lag.records, lag.median, lag.ninety, lag.groups) == (4, 0, 4, [2, 1, 1, 0, 0, 0])


def test_the_way_to_acceptance_is_counted_for_what_is_accepted(archivist: Any) -> None:
    branch = make_branch()
    day = datetime.date(2026, 3, 10)
    for days in range(1, 11):
        meeting(
            branch,
            3,
            captured_at=at(day),
            accepted_at=at(day + datetime.timedelta(days=days), 0),
            state=RecordState.ACCEPTED,
        )
    meeting(branch, 3, captured_at=at(day))
    lag = lags(reach_of(archivist)).acceptance
    assert (lag.records, lag.median, lag.ninety) == (10, 5, 9)
    assert lags(reach_of(archivist, year="2025")).acceptance.median is None


@given(st.lists(st.integers(-5, 400), min_size=1, max_size=80))
def test_median_and_ninety_are_ranks(days: list[int]) -> None:
    histogram: dict[int, int] = {}
    for day in days:
        histogram[day] = histogram.get(day, 0) + 1
    lag = from_histogram(histogram)
    ordered = sorted(max(day, 0) for day in days)
    assert lag.records == len(days) == sum(lag.groups)
    assert lag.median == ordered[-(-len(days) // 2) - 1]
    assert lag.ninety == ordered[-(-len(days) * 9 // 10) - 1]


# ---- returns, files, annual report


def pool_item(record: Record, **fields: Any) -> PoolItem:
    return PoolItem.objects.create(record=record, entered_at=timezone.now(), **fields)


def test_returns_by_reason(archivist: Any) -> None:
    branch = make_branch()
    for reason, count in (("period", 1), ("period", 3), ("class", 1), ("", 0)):
        pool_item(meeting(branch, 4), return_reason=reason, return_count=count)
    pool_item(meeting(branch, 4, year=2025), return_reason="class", return_count=1)
    rows = annual.returns_by_reason(reach_of(archivist))
    assert [(row.name, row.items, row.returns) for row in rows] == [
        ("保管期限错误", 2, 4),
        ("分类错误", 1, 1),
    ]


def add_file(record: Record, size: int, media_type: str = "application/pdf", **fields: Any) -> Any:
    return RecordFile.objects.create(
        record=record,
        role=fields.pop("role", "pdf"),
        name=fields.pop("name", "正文.pdf"),
        media_type=media_type,
        size=size,
        sha256=fields.pop("sha256", "0" * 64),
        **fields,
    )


def accepted(unit: Unit, class_code: str = "DQ02", period: str = "D30", **fields: Any) -> Record:
    return meeting(
        unit,
        5,
        state=RecordState.ACCEPTED,
        class_code=class_code,
        period=period,
        accepted_at=timezone.now(),
        **fields,
    )


def report_of(reach: Reach) -> annual.AnnualReport:
    return annual.annual_report(reach, figures.figures(reach).rows)


def numbers(report: annual.AnnualReport) -> list[tuple[Any, ...]]:
    return [
        (row.class_code, row.period, row.items, row.files, row.bytes, row.pages)
        for row in report.rows
    ]


@pytest.fixture
def filed_world() -> Unit:
    branch = make_branch()
    first = accepted(branch)
    add_file(first, 1000)
    add_file(first, 500, "image/jpeg", role="picture", name="a.jpg", source_object_id=1)
    PageCount.objects.create(record=first, pages=7)
    second = accepted(branch)
    add_file(second, 24)
    accepted(branch, "DQ01", "Y")
    add_file(meeting(branch, 6), 99)
    meeting(branch, 6, state=RecordState.APART)
    meeting(branch, 6, state=RecordState.RETURNED)
    pool_item(meeting(branch, 6), due_on=timezone.localdate() - datetime.timedelta(days=1))
    pool_item(meeting(branch, 6), due_on=timezone.localdate())
    return branch


EXPECTED_NUMBERS = [("DQ01", "Y", 1, 0, 0, 0), ("DQ02", "D30", 2, 3, 1524, 7)]


def test_the_annual_report_by_class_and_period(archivist: Any, filed_world: Unit) -> None:
    report = report_of(reach_of(archivist, unit=filed_world.code))
    assert numbers(report) == EXPECTED_NUMBERS
    total = report.total
    assert (total.items, total.files, total.bytes, total.pages) == (3, 3, 1524, 7)
    assert report.custody == annual.Custody(
        captured=8, waiting=3, returned=1, overdue=1, accepted=3, apart=1, superseded=0
    )
    assert report_of(reach_of(archivist, year="2025")).rows == []


def test_formats_with_their_size(archivist: Any, filed_world: Unit) -> None:
    rows = annual.formats(figures.figures(reach_of(archivist)).rows)
    assert [(row.name, row.files, row.bytes) for row in rows] == [
        ("PDF", 3, 1123),
        ("JPEG", 1, 500),
    ]


def test_a_large_year_is_read_from_the_daily_sums(
    archivist: Any, filed_world: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = figures.figures(reach_of(archivist))
    assert live.made_at is None
    monkeypatch.setattr(figures, "LIVE_RECORDS", 3)
    assert figures.figures(reach_of(archivist)).made_at is None, "until the sums are made"
    assert figures.large_years() == [2026]
    assert "1 years" in figures.daily()
    stored = figures.figures(reach_of(archivist))
    assert sorted(stored.rows) == sorted(live.rows)
    assert stored.made_at == FiguresOfYear.objects.get().made_at
    assert numbers(report_of(reach_of(archivist))) == EXPECTED_NUMBERS
    # Again on the next day: replaced, not doubled.
    add_file(accepted(filed_world), 1)
    figures.daily()
    assert sum(row.files for row in figures.figures(reach_of(archivist)).rows) == 5
    assert FileFigure.objects.count() == len(figures.figures(reach_of(archivist)).rows)


def test_daily_sums_obey_unit_and_level(filed_world: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = accepted(filed_world, access_level="controlled")
    add_file(secret, 4)
    add_file(accepted(make_branch()), 2)
    readers = [
        make_user("archivist"),
        make_user("branch_secretary", unit=filed_world),
        make_user("part_time_archivist", unit=make_branch()),
        make_user("party_staff"),
    ]
    live = [sorted(figures.figures(reach_of(user)).rows) for user in readers]
    monkeypatch.setattr(figures, "LIVE_RECORDS", 3)
    figures.daily()
    stored = [figures.figures(reach_of(user)) for user in readers]
    assert [sorted(found.rows) for found in stored] == live
    assert all(found.made_at for found in stored)
    assert [sum(row.files for row in rows) for rows in live] == [6, 4, 0, 5]


def test_pages_are_counted_once_from_the_stored_text(archivist: Any) -> None:
    import pikepdf

    target = io.BytesIO()
    document = pikepdf.new()
    for _number in range(3):
        document.add_blank_page()
    document.save(target)
    stored = store.put([target.getvalue()])
    branch = make_branch()
    good, broken = accepted(branch), accepted(branch)
    add_file(good, stored.size, sha256=stored.sha256, stored_at=timezone.now())
    add_file(broken, 3, sha256="f" * 64, stored_at=timezone.now())
    add_file(accepted(branch), 3)
    assert figures.count_pages() == 2
    assert figures.count_pages() == 0
    assert {row.record_id: row.pages for row in PageCount.objects.all()} == {
        good.pk: 3,
        broken.pk: 0,
    }
    assert report_of(reach_of(archivist)).total.pages == 3


def test_the_first_check_of_a_record_counts_its_pages() -> None:
    page = make_news_page(live=True)
    queue.flush()
    renders.work_all()
    record = record_of(page)
    assert not PageCount.objects.filter(record=record).exists()
    assert package.prepare(record)
    assert PageCount.objects.get(record=record).pages >= 1


# ---- life cycle


def test_the_life_cycle_counts_every_state(archivist: Any, filed_world: Unit) -> None:
    today = timezone.localdate()
    Record.objects.filter(class_code="DQ01").update(expires_on=today + datetime.timedelta(days=300))
    accepted(filed_world, expires_on=today - datetime.timedelta(days=1))
    accepted(filed_world, expires_on=today + datetime.timedelta(days=400))
    leaving = meeting(filed_world, 7, state=RecordState.APART)
    pool_item(leaving, kept_until=today + datetime.timedelta(days=30))
    meeting(filed_world, 7, state=RecordState.CAPTURED, year=2020)
    found = lifecycle.life_cycle(reach_of(archivist, unit=filed_world.code))
    assert found == lifecycle.LifeCycle(
        captured=1,
        failed=0,
        pool=3,
        returned=1,
        overdue=1,
        accepted=5,
        superseded=0,
        expiring=1,
        expired=1,
        apart=2,
        leaving=1,
        damaged=0,
    )
    (late,) = lifecycle.overdue_items(reach_of(archivist))
    assert late.pool_item.due_on == today - datetime.timedelta(days=1)


def test_failed_files_are_counted(archivist: Any) -> None:
    record = meeting(make_branch(), 1, state=RecordState.CAPTURED)
    record.render.status = "dead"
    record.render.save()
    assert lifecycle.life_cycle(reach_of(archivist)).failed == 1


def test_the_29th_of_february_has_a_next_year(archivist: Any) -> None:
    lifecycle.life_cycle(reach_of(archivist), datetime.date(2028, 2, 29))


def test_captures_and_acceptances_by_month(archivist: Any) -> None:
    branch = make_branch()
    # The last minute of January in Shanghai is still the 31st in London; one hour later as well.
    meeting(branch, 1, captured_at=at(datetime.date(2026, 2, 1), 0))
    meeting(
        branch,
        1,
        captured_at=at(datetime.date(2026, 1, 31), 23),
        accepted_at=at(datetime.date(2026, 3, 1), 0),
    )
    meeting(branch, 12, captured_at=at(datetime.date(2027, 1, 1), 0))
    months = lifecycle.flow(reach_of(archivist, unit=branch.code))
    assert [(month.month, month.captured, month.accepted) for month in months][:3] == [
        (1, 1, 0),
        (2, 1, 0),
        (3, 0, 1),
    ]
    assert sum(month.captured for month in months) == 2
