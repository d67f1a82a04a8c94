"""The pool: proposals, corrections, returns, acceptance, and what each role may do and see."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from branches.models import ActivityKind
from portal.archives.models import (
    AccessLevel,
    IssuedCode,
    PoolItem,
    Record,
    RecordState,
    Render,
    ScopeTable,
)
from portal.archives.numbering.report import code_faults
from portal.archives.permissions import pool_units
from portal.archives.pool import processing, services
from portal.archives.pool.intake import take_in
from portal.archives.pool.listing import visible_items
from portal.archives.pool.processing import work_all
from portal.archives.refusals import AlreadyHandled, NotArchivist, NotReady, NotYourUnit
from portal.archives.renders import work_all as make_files
from portal.archives.verification import record_faults
from portal.organizations.models import Unit
from tests.factories.archives import archive_class, record_of
from tests.factories.organizations import company, make_branch
from tests.factories.pages import (
    approve,
    change_draft,
    make_activity_page,
    make_branch_page,
    submit,
)
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def settle() -> None:
    """Let the worker make files, take in and check."""
    make_files()
    work_all()


@pytest.fixture
def branch() -> Unit:
    """A branch with its page."""
    unit = make_branch()
    make_branch_page(unit)
    # What the migrations and the branch page brought along is of no interest here.
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    Render.objects.update(available_at=tomorrow)
    return unit


def published(
    branch: Unit, title: str, kind: str = ActivityKind.THEME_DAY, *, settled: bool = True
) -> Any:
    """Draft an activity, let a second person approve it, and let the worker do its part."""
    author = make_user("organization_member", unit=branch)
    page = make_activity_page(branch.branch_page, author, title)
    change_draft(page, author, activity_kind=kind)
    approve(submit(page, author), make_user("branch_secretary", unit=branch))
    if settled:
        settle()
    page.refresh_from_db()
    return page


def published_again(page: Any, branch: Unit, title: str, *, settled: bool = True) -> None:
    """Publish a newer version of a page."""
    author = make_user("organization_member", unit=branch)
    change_draft(page, author, title=title)
    approve(submit(page, author), make_user("branch_secretary", unit=branch))
    if settled:
        settle()


@pytest.fixture
def theme_day(branch: Unit) -> Any:
    """A theme day of the branch, published."""
    return published(branch, "“井下先锋”主题党日")


@pytest.fixture
def item(theme_day: Any) -> PoolItem:
    """The item of the theme day in the pool."""
    return PoolItem.objects.select_related("record", "archive_class").get(
        pk=record_of(theme_day).pk
    )


@pytest.fixture
def archivist() -> Any:
    """An archivist."""
    return make_user("archivist", unit=company())


def fresh(item: PoolItem) -> Record:
    """Read the record again."""
    return Record.objects.select_related("render", "pool_item").get(pk=item.pk)


def test_a_published_page_enters_the_pool_with_its_proposal(item: PoolItem, branch: Unit) -> None:
    """Class, period, unit, clause and a day of decision, from the table in force."""
    assert fresh(item).state == RecordState.POOL
    assert (item.archive_class_id, item.period) == ("DQ02", "D10")
    assert item.unit_id == branch.pk
    assert "主题党日" in item.clause
    assert item.due_on is not None
    assert item.record.inspections.get().passed


def test_section_fronts_are_kept_apart_for_some_years(branch: Unit) -> None:
    """They are captured like everything else, listed, and never numbered."""
    Render.objects.update(available_at=timezone.now())
    settle()
    apart = PoolItem.objects.filter(record__kind="branch")
    assert apart
    for one in apart:
        assert one.record.state == RecordState.APART
        table = ScopeTable.objects.in_force()
        assert table is not None
        assert one.kept_until == datetime.date(one.entered_at.year + table.apart_years, 12, 31)


def test_acceptance_numbers_the_item(item: PoolItem, archivist: Any) -> None:
    """The record carries code, class, period and the end of its period."""
    issued = services.accept(item.pk, archivist)
    record = fresh(item)
    year = record.year
    assert issued.code == f"Q001-WS·{year}-D10-DQ02-0001"
    assert record.archive_code == issued.code
    assert record.state == RecordState.ACCEPTED
    assert record.expires_on == datetime.date(year + 10, 12, 31)
    assert list(record_faults(record)) == []
    assert list(code_faults()) == []
    settle()
    assert record.inspections.count() == 2


def test_one_return_and_its_correction(item: PoolItem, archivist: Any, branch: Unit) -> None:
    """The part-time archivist puts the period right and sends the item back."""
    part_time = make_user("part_time_archivist", unit=branch)
    services.return_item(item.pk, archivist, "period", "此次主题党日属主题教育，应为永久。")
    assert fresh(item).state == RecordState.RETURNED
    services.correct(
        item.pk, part_time, archive_class=archive_class("DQ02"), period="Y", unit=branch
    )
    services.answer(item.pk, part_time, "已改为永久。")
    assert fresh(item).state == RecordState.POOL
    issued = services.accept(item.pk, archivist)
    assert issued.period == "Y"
    assert fresh(item).expires_on is None
    assert list(record_faults(fresh(item))) == []


def test_a_taken_back_acceptance_voids_the_number(item: PoolItem, archivist: Any) -> None:
    """The next acceptance gets the next number, and the report explains the void one."""
    services.accept(item.pk, archivist)
    services.void_acceptance(item.pk, archivist, "类别有误")
    record = fresh(item)
    assert (record.state, record.archive_code, record.period) == (RecordState.POOL, None, "")
    assert list(record_faults(record)) == []
    again = services.accept(item.pk, archivist)
    assert again.item_number == 2
    assert IssuedCode.objects.filter(record=record, voided_at__isnull=False).count() == 1
    assert list(code_faults()) == []


def test_a_newer_version_takes_the_place_of_one_that_waits(
    item: PoolItem, branch: Unit, theme_day: Any
) -> None:
    """Only the final version is filed; the older one stays as history."""
    published_again(theme_day, branch, "“井下先锋”主题党日（更正）")
    assert fresh(item).state == RecordState.SUPERSEDED
    newer = record_of(theme_day)
    assert newer.version == 2
    assert newer.state == RecordState.POOL
    for record in Record.objects.filter(source_id=str(theme_day.pk)).select_related("render"):
        assert list(record_faults(record)) == []


def test_an_accepted_version_stays_when_a_newer_one_comes(
    item: PoolItem, archivist: Any, branch: Unit, theme_day: Any
) -> None:
    """What has its number keeps it; the newer version waits on its own."""
    services.accept(item.pk, archivist)
    published_again(theme_day, branch, "“井下先锋”主题党日（补充）")
    assert fresh(item).state == RecordState.ACCEPTED
    assert record_of(theme_day).state == RecordState.POOL


def test_a_period_shorter_than_the_table_is_refused(item: PoolItem, archivist: Any) -> None:
    """The table's periods are minimums."""
    PoolItem.objects.filter(pk=item.pk).update(period="Y")
    rule = item.rule
    assert rule is not None
    type(rule).objects.filter(pk=rule.pk).update(period="Y")
    with pytest.raises(NotReady):
        services.correct(
            item.pk,
            archivist,
            archive_class=archive_class(),
            period="D10",
            unit=item.unit,
        )


def test_an_item_that_lacks_something_is_not_accepted(item: PoolItem, archivist: Any) -> None:
    """All obstacles are named at once."""
    PoolItem.objects.filter(pk=item.pk).update(archive_class=None, period="", unit=None)
    with pytest.raises(NotReady) as refused:
        services.accept(item.pk, archivist)
    for words in ("类别", "保管期限", "责任单位"):
        assert words in str(refused.value)
    assert not IssuedCode.objects.exists()


def test_a_failed_check_stops_the_acceptance(item: PoolItem, archivist: Any) -> None:
    """One blocking failure fails; the codes are in the message."""
    item.record.inspections.update(verdict="fail", failed_codes=["3-3"])
    with pytest.raises(NotReady) as refused:
        services.accept(item.pk, archivist)
    assert "3-3" in str(refused.value)


def test_a_rule_may_accept_without_a_person(branch: Unit) -> None:
    """Off by default; with the tick the item is numbered as soon as all checks passed."""
    table = ScopeTable.objects.in_force()
    assert table is not None
    table.rules.filter(kind="activity").update(straight_through=True)
    record = record_of(published(branch, "第三季度党课", ActivityKind.PARTY_CLASS))
    assert record.state == RecordState.ACCEPTED
    assert record.archive_code
    assert list(record_faults(Record.objects.select_related("render").get(pk=record.pk))) == []


def test_who_acts_second_is_told(item: PoolItem, archivist: Any) -> None:
    """Accepting twice, returning what was accepted, answering what was not returned."""
    services.accept(item.pk, archivist)
    with pytest.raises(AlreadyHandled):
        services.accept(item.pk, archivist)
    with pytest.raises(AlreadyHandled):
        services.return_item(item.pk, archivist, "class", "类别应为工会工作。")
    with pytest.raises(AlreadyHandled):
        services.answer(item.pk, archivist, "已更正")
    assert IssuedCode.objects.count() == 1


RECEIVERS = {"archivist"}
ROLES_OF_A_UNIT = {"branch_secretary", "organization_member", "part_time_archivist"}
EVERY_ROLE = [
    *("employee", "party_member", "branch_secretary", "organization_member", "party_staff"),
    *("party_approver", "union_staff", "union_chair", "veterans_officer", "archivist"),
    *("part_time_archivist", "discipline_auditor", "system_administrator"),
    *("security_administrator", "audit_administrator"),
]


def account(code: str, branch: Unit) -> Any:
    """An account with one role, in the branch where the role counts in units."""
    return make_user(code, unit=branch if code in ROLES_OF_A_UNIT else company())


def test_only_the_archivist_decides(item: PoolItem, branch: Unit) -> None:
    """And not more: every other role is refused before anything is written."""
    for code in set(EVERY_ROLE) - RECEIVERS:
        user = account(code, branch)
        with pytest.raises(NotArchivist):
            services.accept(item.pk, user)
        with pytest.raises(NotArchivist):
            services.return_item(item.pk, user, "class", "类别不符")
        assert fresh(item).state == RecordState.POOL, code
    assert services.accept(item.pk, account("archivist", branch))


def test_who_corrects_a_returned_item(item: PoolItem, branch: Unit, archivist: Any) -> None:
    """The archivist, and in their own unit the part-time archivist and organization member."""
    correctors = set()
    for code in EVERY_ROLE:
        if fresh(item).state == RecordState.POOL:
            services.return_item(item.pk, archivist, "period", "期限应为永久。")
        try:
            services.answer(item.pk, account(code, branch), "已更正。")
        except NotYourUnit:
            continue
        correctors.add(code)
    assert correctors == {"archivist", "part_time_archivist", "organization_member"}


def test_a_part_time_archivist_of_another_unit_corrects_nothing(
    item: PoolItem, archivist: Any
) -> None:
    """Nor may one move an item into a unit of somebody else."""
    services.return_item(item.pk, archivist, "period", "期限应为永久。")
    other = make_branch()
    stranger = make_user("part_time_archivist", unit=other)
    assert pool_units(stranger) == [other]
    with pytest.raises(NotYourUnit):
        services.answer(item.pk, stranger, "已更正。")
    own = make_user("part_time_archivist", unit=item.unit)
    with pytest.raises(NotYourUnit):
        services.correct(item.pk, own, archive_class=archive_class(), period="Y", unit=other)


def test_columns_changed_behind_the_ledger_are_named(item: PoolItem, archivist: Any) -> None:
    """State, code, class, period, unit and expiry are what the entries lead to."""
    services.accept(item.pk, archivist)
    assert list(record_faults(fresh(item))) == []
    other = make_branch()
    for column, value in {
        "state": RecordState.POOL,
        "archive_code": "Q001-WS·2026-Y-DQ02-0007",
        "class_code": "DQ05",
        "period": "Y",
        "expires_on": None,
        "unit_id": other.pk,
    }.items():
        before = getattr(fresh(item), column)
        Record.objects.filter(pk=item.pk).update(**{column: value})
        found = [fault.problem for fault in record_faults(fresh(item))]
        assert any(column in problem for problem in found), column
        Record.objects.filter(pk=item.pk).update(**{column: before})


def test_levels_are_open_or_internal_at_capture(item: PoolItem) -> None:
    """An activity is for employees, so its record is internal."""
    assert fresh(item).access_level == AccessLevel.INTERNAL


def test_a_record_that_cannot_be_checked_holds_up_nothing(
    branch: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one behind it is checked, the worker rests, and the bad one is tried again later."""
    first = published(branch, "第一次主题党日", settled=False)
    second = published(branch, "第二次主题党日", settled=False)
    make_files()
    bad = record_of(first).pk
    inspect = processing.inspect

    def refuse(record: Record, stage: str) -> Any:
        if record.pk == bad:
            raise OSError("the store cannot be read")
        return inspect(record, stage)

    monkeypatch.setattr(processing, "inspect", refuse)
    monkeypatch.setattr(processing, "_failed", {})
    assert processing.work_once()
    assert record_of(second).inspections.exists()
    assert not record_of(first).inspections.exists()
    assert not processing.work_once()
    monkeypatch.setattr(processing, "inspect", inspect)
    monkeypatch.setattr(processing, "_failed", {})
    assert processing.work_once()
    assert record_of(first).inspections.exists()


def test_versions_taken_in_out_of_order_leave_only_the_last(branch: Unit) -> None:
    """The files of the second version came late: it and the first are history all the same."""
    page = published(branch, "“井下先锋”主题党日")
    published_again(page, branch, "“井下先锋”主题党日（二）", settled=False)
    published_again(page, branch, "“井下先锋”主题党日（三）", settled=False)
    versions = list(Record.objects.filter(source_id=str(page.pk)).order_by("version"))
    make_files()
    take_in(versions[2].pk)
    take_in(versions[1].pk)
    states = [Record.objects.get(pk=version.pk).state for version in versions]
    assert states == [RecordState.SUPERSEDED, RecordState.SUPERSEDED, RecordState.POOL]
    for version in versions:
        record = Record.objects.select_related("render").get(pk=version.pk)
        assert list(record_faults(record)) == []


def test_who_sees_an_item_follows_its_corrected_unit(
    item: PoolItem, archivist: Any, branch: Unit
) -> None:
    """The new unit's clerk sees it and may answer, the old one's no longer does."""
    other = make_branch()
    services.return_item(item.pk, archivist, "unit", "责任单位应为另一支部。")
    services.correct(item.pk, archivist, archive_class=archive_class(), period="D30", unit=other)
    theirs = make_user("part_time_archivist", unit=other)
    former = make_user("part_time_archivist", unit=branch)
    assert visible_items(theirs).filter(pk=item.pk).exists()
    assert not visible_items(former).filter(pk=item.pk).exists()
    services.answer(item.pk, theirs, "已核对。")
    assert list(record_faults(fresh(item))) == []
