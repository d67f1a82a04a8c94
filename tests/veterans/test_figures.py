"""The figures of support: counted right, nothing small shown or to be worked out, fast to read."""

from __future__ import annotations

import io
import subprocess
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.organizations.models import Unit
from portal.roles.table import ROLES
from portal.suppression import MINIMUM, hidden_cells
from tests.factories.figures import make_cases
from tests.factories.organizations import company, make_unit
from tests.factories.people import make_user
from tests.factories.standards import housing
from veterans.models import Figure, RefusalFigure, SupportItem
from veterans.statistics.counting import count_all, count_year
from veterans.statistics.reading import report

READERS = {"veterans_officer", "union_chair", "party_approver", "discipline_auditor"}
pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23 09:00+08:00")


@pytest.fixture
def item() -> SupportItem:
    return housing()


@pytest.fixture
def medical() -> SupportItem:
    return SupportItem.objects.create(
        code="medical-test", name="=医疗补助", category="medical", unit=company(), order=900
    )


@pytest.fixture
def mine() -> Unit:
    return make_unit()


def signed_in(code: str) -> Client:
    client = Client()
    client.force_login(make_user(code))
    return client


# ---- Suppression


def cube(parts: dict[tuple[int, int], int]) -> dict[tuple[Any, ...], int]:
    """Return a table of two dimensions with all its totals."""
    found: dict[tuple[Any, ...], int] = {}
    for (row, column), count in parts.items():
        for key in ((row, column), (row, None), (None, column), (None, None)):
            found[key] = found.get(key, 0) + count
    return found


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(0, 30), max_size=25
    )
)
@settings(max_examples=300)
def test_no_line_gives_a_small_cell_away(parts: dict[tuple[int, int], int]) -> None:
    counts = cube(parts)
    hidden = hidden_cells(counts)
    for key, count in counts.items():
        if 0 < count < MINIMUM:
            assert key in hidden
    for total in counts:
        for place in (0, 1):
            if total[place] is not None:
                continue
            line = [
                key
                for key in counts
                if key[place] is not None and key[1 - place] == total[1 - place] and counts[key]
            ]
            gone = [key for key in line if key in hidden]
            if total in hidden:
                assert gone or not line
            elif gone:
                assert len(gone) > 1 and sum(counts[key] for key in gone) >= MINIMUM


@given(st.dictionaries(st.integers(0, 8), st.integers(5, 50), max_size=8))
def test_what_is_large_enough_is_shown(parts: dict[int, int]) -> None:
    counts: dict[tuple[Any, ...], int] = {(key,): count for key, count in parts.items()}
    counts[(None,)] = sum(parts.values())
    assert hidden_cells(counts) == set()


# ---- Counting


def test_a_year_is_counted_by_item_unit_and_month(item: SupportItem, medical: SupportItem) -> None:
    make_cases(12, item, company(), month=3, level=5)
    make_cases(8, item, company(), month=4, state="rejected")
    make_cases(10, medical, company(), month=3, late=True, level=1)
    make_cases(7, item, company(), year=2025)
    assert count_all() == 37
    found = report(2026, None, None)
    assert (found.total.received, found.total.decided) == (30, 30)
    assert found.total.on_time == 67
    assert found.total.refused == 27
    assert (found.total.ratings, found.total.satisfied) == (22, 55)
    by_item = {row.name: row for row in found.by_item}
    assert by_item[item.name].received == 20
    assert by_item[medical.name].on_time == 0
    assert by_item[medical.name].granted == Decimal(10_000)
    assert [row.received for row in found.by_month][2:4] == [22, 8]
    assert [(str(row.name), row.count) for row in found.reasons] == [("不符合标准规定的条件", 8)]
    assert 3 <= (found.total.median_days or 0) <= 18
    only = report(2026, medical, None)
    assert only.total.received == 10 and only.reasons == []
    assert report(2025, None, None).total.received == 7


def test_counting_again_replaces_and_never_adds(item: SupportItem) -> None:
    make_cases(6, item, company())
    count_year(2026)
    before = list(Figure.objects.order_by("pk").values_list("item", "month", "received"))
    count_year(2026)
    after = list(Figure.objects.order_by("pk").values_list("item", "month", "received"))
    assert sorted(map(str, before)) == sorted(map(str, after))


def test_four_people_with_many_cases_are_hidden(item: SupportItem, medical: SupportItem) -> None:
    make_cases(40, item, company(), people=4)
    make_cases(9, medical, company())
    make_cases(
        9,
        SupportItem.objects.create(code="third", name="第三项", category="honor", unit=company()),
        company(),
    )
    count_year(2026)
    found = report(2026, None, None)
    by_item = {row.name: row for row in found.by_item}
    assert by_item[item.name].hidden and by_item[item.name].received is None
    assert by_item[item.name].granted is None
    # The total minus the others would give it away, so one of the others is hidden, too.
    assert sum(row.hidden for row in found.by_item) == 2


def test_a_small_share_of_a_large_cell_is_not_shown(item: SupportItem) -> None:
    make_cases(20, item, company(), month=5)
    make_cases(2, item, company(), month=5, state="rejected")
    make_cases(3, item, company(), month=5, late=True)
    count_year(2026)
    found = report(2026, None, None)
    assert found.total.received == 25
    assert found.total.refused is None and found.reasons == []
    assert found.total.on_time is None
    assert RefusalFigure.objects.get(item=None).hidden


def test_ratings_below_five_are_not_shown(item: SupportItem) -> None:
    make_cases(20, item, company(), month=5)
    make_cases(4, item, company(), month=5, level=1)
    count_year(2026)
    found = report(2026, None, None)
    assert found.total.ratings is None and found.total.satisfied is None


# ---- Who sees it


@pytest.mark.parametrize("code", sorted(ROLES))
def test_exactly_the_readers_open_page_workbook_and_bulletin(code: str) -> None:
    client = signed_in(code)
    status = 200 if code in READERS else 403
    for name in ("support_statistics", "support_statistics_sheet", "support_bulletin"):
        assert client.get(reverse(name)).status_code == status, name
    counted = client.post(reverse("support_statistics_count"), {"year": "2026"})
    assert counted.status_code == (302 if code in READERS else 403)


def test_nothing_hidden_stands_in_page_workbook_or_bulletin(
    item: SupportItem, medical: SupportItem
) -> None:
    make_cases(30, item, company(), amount=Decimal(1_013))
    make_cases(3, medical, company(), amount=Decimal("7777.77"))
    count_year(2026)
    client = signed_in("discipline_auditor")
    page = client.get(reverse("support_statistics")).content.decode()
    assert "不足5人" in page and "23,333" not in page and "7,777.77" not in page
    sheet: Any = client.get(reverse("support_statistics_sheet"))
    body = b"".join(sheet.streaming_content)
    book = load_workbook(io.BytesIO(body))
    words = str([list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets])
    assert "23333" not in words and "7777" not in words
    cell = next(
        cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == "=医疗补助"
    )
    assert cell.data_type == "s" and cell.quotePrefix
    answer = client.get(reverse("support_bulletin"))
    assert answer["Content-Type"] == "application/pdf"
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=answer.content, stdout=subprocess.PIPE, check=True
    ).stdout.decode()
    assert "军服简报" in text and "23,333" not in text and "不足5人" in text


def test_amounts_stand_beside_the_budget_and_hidden_ones_do_not(
    item: SupportItem, medical: SupportItem
) -> None:
    from tests.factories.support import DECISION
    from veterans.models import Reservation
    from veterans.payments import budgets

    for one, count in ((item, 8), (medical, 8)):
        row = budgets.propose(one, 2026, Decimal(10_000), DECISION, make_user("veterans_officer"))
        budgets.approve(row.pk, make_user("union_chair"))
        for case in make_cases(count, one, company(), amount=Decimal(500)):
            Reservation.objects.create(
                application_id=case.pk,
                item=one,
                year=2026,
                amount=Decimal(500),
                made_at=case.submitted_at or timezone.now(),
            )
    count_year(2026)
    rows = {row.item.pk: row for row in report(2026, None, None).budgets}
    assert rows[item.pk].used == Decimal(4_000) and rows[item.pk].percent == 40
    page = signed_in("union_chair").get(reverse("support_statistics")).content.decode()
    assert "金额与预算" in page and "4,000" in page
    third = SupportItem.objects.create(
        code="third", name="第三项", category="honor", unit=company()
    )
    make_cases(2, third, company(), amount=Decimal("333.33"))
    count_year(2026)
    found = {row.item.pk: row for row in report(2026, None, None).budgets}
    assert sum(row.used is None for row in found.values()) == 1
    page = signed_in("union_chair").get(reverse("support_statistics")).content.decode()
    assert ">666.66<" not in page


def test_the_page_asks_the_database_as_often_for_more_cases(
    item: SupportItem, medical: SupportItem, mine: Unit
) -> None:
    make_cases(20, item, company())
    count_year(2026)
    client = signed_in("veterans_officer")
    client.get(reverse("support_statistics"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("support_statistics"))
        return len(found)

    before = queries()
    make_cases(100, medical, mine)
    make_cases(80, item, mine)
    count_year(2026)
    assert queries() == before
