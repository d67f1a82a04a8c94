"""A changed calendar: who reads it again, what is recomputed, what is undone."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.workdays import calendar, changes
from portal.workdays.models import CalendarDay, CalendarVersion, CalendarYear
from portal.workdays.published import PUBLISHED_IN, PublishedDay, adopt_new_years
from portal.workdays.services import write_year

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NEW_YEAR = datetime.date(2027, 1, 1)


def write(*days: PublishedDay, year: int = 2027) -> CalendarYear:
    return write_year(year, days, source="国办发明电〔2026〕9号", moment=timezone.now())


@pytest.fixture
def callback() -> Iterator[Callable[[], list[frozenset[int]]]]:
    calls: list[frozenset[int]] = []
    changes.on_calendar_change("test", calls.append)
    yield lambda: calls
    changes.forget_callback("test")


def queries(question: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        question()
    return len(captured)


def test_the_days_are_read_once_and_the_version_each_time() -> None:
    changes.renew_version()
    assert queries(lambda: calendar.is_working_day(NEW_YEAR)) == 2
    assert queries(lambda: calendar.add_working_days(NEW_YEAR, 200)) == 1

    def many() -> None:
        known = calendar.current()
        for number in range(200):
            known.add_working_days(NEW_YEAR, number)

    assert queries(many) == 1


def test_a_written_year_counts_at_once_and_is_no_estimate() -> None:
    assert calendar.add_working_days(datetime.date(2026, 12, 31), 1).estimated
    write(PublishedDay(NEW_YEAR, "holiday", "元旦"))
    assert not calendar.is_working_day(NEW_YEAR)
    assert calendar.add_working_days(datetime.date(2026, 12, 31), 1) == (
        datetime.date(2027, 1, 4),
        False,
    )


def test_another_process_is_noticed_by_the_version() -> None:
    """What another process does: rows and a new token, without a signal here."""
    assert calendar.is_working_day(NEW_YEAR)
    CalendarDay.objects.bulk_create([CalendarDay(date=NEW_YEAR, kind="holiday", name="元旦")])
    assert calendar.is_working_day(NEW_YEAR), "without a new version the copy is kept"
    CalendarVersion.objects.update(token="4a1f8f0a-0000-4000-8000-000000000001")
    assert not calendar.is_working_day(NEW_YEAR)


def test_a_single_row_changed_past_the_services_counts_too() -> None:
    assert calendar.is_working_day(NEW_YEAR)
    row = CalendarDay.objects.create(date=NEW_YEAR, kind="holiday", name="元旦")
    assert not calendar.is_working_day(NEW_YEAR)
    row.delete()
    assert calendar.is_working_day(NEW_YEAR)


def test_a_rolled_back_change_leaves_the_old_calendar() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(PublishedDay(NEW_YEAR, "holiday", "元旦"))
        assert not calendar.is_working_day(NEW_YEAR)
        raise ZeroDivisionError
    assert calendar.is_working_day(NEW_YEAR)
    assert not calendar.is_known(NEW_YEAR)


def test_a_missing_version_row_costs_queries_but_answers_rightly() -> None:
    CalendarVersion.objects.all().delete()
    assert calendar.is_working_day(datetime.date(2026, 2, 14))
    write(PublishedDay(NEW_YEAR, "holiday", "元旦"))
    assert CalendarVersion.objects.count() == 1


def test_what_depends_on_the_calendar_is_told_the_years(
    callback: Callable[[], list[frozenset[int]]],
) -> None:
    write(PublishedDay(NEW_YEAR, "holiday", "元旦"))
    assert callback() == [frozenset({2027})]


def test_an_error_of_what_depends_on_it_undoes_the_change() -> None:
    def fail(years: frozenset[int]) -> None:
        raise ZeroDivisionError

    changes.on_calendar_change("failing", fail)
    try:
        with pytest.raises(ZeroDivisionError):
            write(PublishedDay(NEW_YEAR, "holiday", "元旦"))
    finally:
        changes.forget_callback("failing")
    assert not CalendarYear.objects.filter(year=2027).exists()
    assert not CalendarDay.objects.filter(date=NEW_YEAR).exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_is_announced_in_a_transaction_only() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        changes.announce([2027])


def test_writing_a_year_again_replaces_its_days_and_no_others() -> None:
    write(PublishedDay(NEW_YEAR, "holiday", "元旦"))
    before = CalendarDay.objects.exclude(date__year=2027).count()
    write(PublishedDay(datetime.date(2027, 1, 2), "holiday", "元旦"))
    assert [row.date.day for row in CalendarDay.objects.filter(date__year=2027)] == [2]
    assert CalendarDay.objects.exclude(date__year=2027).count() == before
    with pytest.raises(ValueError, match="2027"):
        write(PublishedDay(datetime.date(2026, 1, 2), "holiday", "元旦"))


def test_a_newer_package_adds_its_years_and_changes_no_other() -> None:
    CalendarYear.objects.filter(year=2026).delete()
    CalendarDay.objects.filter(date__year=2026).delete()
    CalendarYear.objects.filter(year=2025).update(source="本单位导入")
    assert adopt_new_years() == "1 calendar years added"
    assert CalendarYear.objects.get(year=2026).source == PUBLISHED_IN
    assert CalendarYear.objects.get(year=2025).source == "本单位导入"
    assert CalendarDay.objects.filter(date__year=2026).count() == 39
    assert adopt_new_years() == "0 calendar years added"
