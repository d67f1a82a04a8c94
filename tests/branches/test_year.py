"""The year of branches: states of a cell, who sees which branches, reminders, reasons."""

from __future__ import annotations

import datetime
import io
import itertools
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from branches.models import Activity, LifeExemption, LifeRequirement
from branches.year import services
from branches.year.reading import year_of
from branches.year.standing import Held, Standing, spans, standing_of
from portal.notifications.models import Message
from portal.organizations.models import Unit, UnitKind
from tests.factories.organizations import make_unit
from tests.factories.people import make_user

MONTHLY = LifeRequirement(kind="committee-meeting", period="month", count=1, warning_days=7)
YEAR = 2026
TODAY = datetime.date(2026, 11, 21)


def day(month: int, number: int) -> datetime.date:
    """Return a day of the year."""
    return datetime.date(YEAR, month, number)


def stands(month: int, *activities: Held, explained: bool = False) -> Standing:
    """Return where a branch stands in a month, on 21 November."""
    span = spans("month", YEAR)[month - 1]
    return standing_of(MONTHLY, span, activities, TODAY, explained=explained)


@pytest.mark.django_db
def test_what_was_held_is_held() -> None:
    assert stands(9, Held(day(9, 8), day(9, 9))) is Standing.DONE
    assert stands(9, Held(day(9, 8), None)) is Standing.DONE


@pytest.mark.django_db
def test_a_record_after_three_working_days_is_late() -> None:
    # 8 September 2026 is a Tuesday; the third working day is Friday the 11th.
    assert stands(9, Held(day(9, 8), day(9, 11))) is Standing.DONE
    assert stands(9, Held(day(9, 8), day(9, 14))) is Standing.LATE


@pytest.mark.django_db
def test_what_was_held_and_has_no_record_yet_is_planned_then_late() -> None:
    # 18 November 2026 is a Wednesday; its third working day is Monday the 23rd.
    assert stands(11, Held(day(11, 18), None, awaits_record=True)) is Standing.PLANNED
    assert stands(9, Held(day(9, 8), None, awaits_record=True)) is Standing.LATE
    # A record that was returned is there again when it is handed in again.
    assert stands(9, Held(day(9, 8), day(9, 9), awaits_record=True)) is Standing.LATE
    # What has its record counts first: one is enough.
    assert (
        stands(9, Held(day(9, 8), None, awaits_record=True), Held(day(9, 10), day(9, 10)))
        is Standing.DONE
    )


def test_a_month_that_is_over_without_one_is_missing_unless_somebody_says_why() -> None:
    assert stands(9) is Standing.MISSING
    assert stands(9, explained=True) is Standing.EXPLAINED


def test_this_month_is_open_then_soon_due_and_planned_when_it_is() -> None:
    span = spans("month", YEAR)[10]
    assert standing_of(MONTHLY, span, (), day(11, 2)) is Standing.OPEN
    assert standing_of(MONTHLY, span, (), day(11, 23)) is Standing.DUE
    assert stands(11, Held(day(11, 27), None)) is Standing.PLANNED
    assert stands(12) is Standing.AHEAD


@given(
    st.sampled_from(["month", "quarter", "year"]),
    st.lists(st.dates(day(1, 1), day(12, 31)), max_size=5),
    st.dates(day(1, 1), day(12, 31)),
    st.integers(1, 3),
)
def test_a_cell_is_held_exactly_when_enough_were_held(
    period: str, days: list[datetime.date], today: datetime.date, count: int
) -> None:
    rule = LifeRequirement(period=period, count=count, warning_days=7)
    for span in spans(period, YEAR):
        inside = [Held(one, None) for one in days if span.first <= one <= span.last]
        found = standing_of(rule, span, inside, today)
        enough = sum(row.held_on <= today for row in inside) >= count
        assert (found is Standing.DONE) == enough
        if found is Standing.MISSING:
            assert span.last < today


def test_periods_cover_the_year_without_gaps() -> None:
    for period in ("month", "quarter", "year"):
        found = spans(period, YEAR)
        assert found[0].first == day(1, 1)
        assert found[-1].last == day(12, 31)
        for before, after in itertools.pairwise(found):
            assert after.first - before.last == datetime.timedelta(days=1)


@pytest.fixture
def branches() -> list[Unit]:
    """Two branches with a committee meeting in one month each."""
    found = [make_unit(UnitKind.PARTY_BRANCH, name=f"测试{name}支部") for name in "甲乙"]
    for number, branch in enumerate(found):
        Activity.objects.create(
            branch=branch, kind="committee-meeting", topic="研究计划", held_on=day(3 + number, 5)
        )
    return found


def names(user: Any) -> list[str] | int:
    """Return the branches an account sees, or the status."""
    client = Client()
    client.force_login(user)
    response = client.get(reverse("branch_year"), {"kind": "committee-meeting", "year": str(YEAR)})
    if response.status_code != 200:
        return response.status_code
    return [row.branch.name for row in response.context["view"].rows]


@pytest.mark.django_db
def test_who_sees_which_branches_and_not_more(branches: list[Unit]) -> None:
    both = ["测试甲支部", "测试乙支部"]
    for role in ("party_staff", "party_approver", "discipline_auditor"):
        assert names(make_user(role)) == both, role
    for role in ("branch_secretary", "organization_member"):
        assert names(make_user(role, unit=branches[0])) == ["测试甲支部"], role
    for role in ("employee", "union_staff", "veterans_officer", "archivist"):
        assert names(make_user(role)) == 403, role


@pytest.mark.django_db
def test_a_cell_of_another_branch_is_unknown(branches: list[Unit]) -> None:
    client = Client()
    client.force_login(make_user("branch_secretary", unit=branches[0]))
    for branch, status in zip(branches, (200, 404), strict=True):
        address = reverse("branch_year_cell", args=[branch.code, "committee-meeting", YEAR, 3])
        assert client.get(address).status_code == status
    for wrong in (
        (branches[0].code, "no-kind", YEAR, 3),
        (branches[0].code, "theme-day", YEAR, 13),
    ):
        assert client.get(reverse("branch_year_cell", args=wrong)).status_code == 404


@pytest.mark.django_db
def test_the_number_of_queries_is_the_same_for_more_branches_and_records(
    branches: list[Unit], django_assert_num_queries: Any
) -> None:
    rule = LifeRequirement.objects.get(kind="committee-meeting")
    more = [make_unit(UnitKind.PARTY_BRANCH) for _number in range(8)]
    # Activities, reasons, and whether the working days are still those that were read.
    with django_assert_num_queries(3):
        year_of(branches, rule, YEAR)
    for branch in more:
        for month in range(1, 11):
            Activity.objects.create(
                branch=branch,
                kind=rule.kind,
                topic="支委会",
                held_on=datetime.date(YEAR, month, 10),
                recorded_on=datetime.date(YEAR, month, 20),
            )
    with django_assert_num_queries(3):
        year_of([*branches, *more], rule, YEAR)


@pytest.mark.django_db
def test_secretaries_of_branches_with_gaps_are_reminded_once_a_day(branches: list[Unit]) -> None:
    secretary = make_user("branch_secretary", unit=branches[0])
    staff = make_user("party_staff")
    rule = LifeRequirement.objects.get(kind="committee-meeting")
    view = year_of(branches, rule, YEAR, TODAY)
    assert services.remind(view, staff) == 1
    services.remind(view, staff)
    messages = Message.objects.filter(code=services.REMINDER)
    assert [message.user_id for message in messages] == [secretary.pk]
    with pytest.raises(services.NotYours):
        services.remind(view, secretary)


@pytest.mark.django_db
def test_a_reason_is_written_by_the_secretary_of_the_branch_only(branches: list[Unit]) -> None:
    rule = LifeRequirement.objects.get(kind="committee-meeting")
    span = spans("month", YEAR)[0]
    own, other = (make_user("branch_secretary", unit=branch) for branch in branches)
    with pytest.raises(services.NotYours):
        services.explain(rule, branches[0], span, "春节停产检修", other)
    with pytest.raises(services.NothingToDo):
        services.explain(rule, branches[0], span, "  ", own)
    services.explain(rule, branches[0], span, "春节停产检修", own)
    services.explain(rule, branches[0], span, "春节停产检修，二月补开", own)
    assert LifeExemption.objects.get().reason == "春节停产检修，二月补开"
    cells = year_of(branches, rule, YEAR, TODAY).rows[0].cells
    assert cells[0].standing is Standing.EXPLAINED
    assert cells[1].standing is Standing.MISSING


@pytest.mark.django_db
def test_a_branch_that_did_not_exist_owes_nothing() -> None:
    young = make_unit(UnitKind.PARTY_BRANCH, valid_from=day(6, 10))
    rule = LifeRequirement.objects.get(kind="committee-meeting")
    cells = year_of([young], rule, YEAR, TODAY).rows[0].cells
    assert [cell.standing for cell in cells[:6]] == [Standing.NONE] * 6
    assert cells[6].standing is Standing.MISSING


@pytest.mark.django_db
def test_excel_and_pdf_say_what_the_table_says(branches: list[Unit]) -> None:
    client = Client()
    client.force_login(make_user("party_staff"))
    sheet = client.get(reverse("branch_year_sheet"), {"year": YEAR})
    book = load_workbook(io.BytesIO(b"".join(sheet.streaming_content)))  # type: ignore[attr-defined]
    first = next(book["支部委员会"].iter_rows(min_row=2, values_only=True))
    assert first[0] == "测试甲支部"
    assert first[3] == "完成"
    pdf = client.get(reverse("branch_year_pdf"), {"year": str(YEAR), "kind": "committee-meeting"})
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["year=abcd", "year=9999", "kind=%00", "unit=%27", "year=２０２６"]
)
def test_nonsense_in_the_address_shows_the_usual_page(query: str, branches: list[Unit]) -> None:
    client = Client()
    client.force_login(make_user("party_staff"))
    assert client.get(f"{reverse('branch_year')}?{query}").status_code == 200
