"""The figures add up; the report is frozen by one, published by another, captured and printed."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.archives.models import Record
from portal.pages.models import Publication
from portal.publishing.refusals import OwnWork
from portal.refusals import NotPossible, NotYours, TooLate
from portal.spreadsheets import saved
from tests.factories.people import make_user
from tests.factories.proposals import Proposed, category, make_session
from union.models import CongressReport, CongressSession
from union.proposals import figures, reports, services, sheets
from union.proposals.figures import FILED_STATES, Outcome, percent, tally
from union.proposals.states import STATES

KINDS = ("withdrawn", "pending", "filed", "merged", "turned", "declined")
levels = st.none() | st.integers(1, 5)
outcomes = st.builds(
    Outcome,
    state=st.sampled_from([state.code for state in STATES if state.code != "draft"]),
    in_time=st.none() | st.booleans(),
    level=levels,
    done_level=levels,
    second=st.booleans(),
)


@given(st.lists(outcomes, max_size=40))
def test_every_proposal_is_counted_in_exactly_one_kind(rows: list[Outcome]) -> None:
    found = tally(rows)
    assert found["received"] == len(rows) == sum(found[kind] for kind in KINDS)
    assert found["in_time"] <= found["answered"]
    assert found["satisfied"] <= found["rated"]
    for name in ("filing_rate", "in_time_rate", "satisfaction", "done_satisfaction"):
        assert found[name] is None or 0 <= float(found[name]) <= 100


@given(st.lists(outcomes, max_size=30), st.lists(outcomes, max_size=30))
def test_two_parts_add_up_to_the_whole(first: list[Outcome], second: list[Outcome]) -> None:
    left, right, whole = tally(first), tally(second), tally([*first, *second])
    for name, value in whole.items():
        if isinstance(value, int):
            assert value == left[name] + right[name], name


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_share_has_one_decimal_and_none_of_nothing(part: int, more: int) -> None:
    share = percent(part, part + more)
    if part + more == 0:
        assert share is None
    else:
        assert share is not None
        assert abs(float(share) - 100 * part / (part + more)) <= 0.05 + 1e-9
        assert share.split(".")[1].isdigit()


def a_session_at_its_end() -> tuple[CongressSession, dict[str, Proposed]]:
    session = make_session()
    worlds = {
        state: Proposed(session, subject=f"提案{state}", category=category(code))
        for state, code in (
            ("closed", "safety"),
            ("answered", "safety"),
            ("handling", "pay"),
            ("declined", "pay"),
            ("turned", "life"),
            ("withdrawn", "life"),
        )
    }
    for state, world in worlds.items():
        world.to(state)
    session.closes_on = timezone.localdate() - datetime.timedelta(days=1)
    session.save()
    return session, worlds


@pytest.mark.database
@pytest.mark.django_db
class TestFigures:
    """What is counted, frozen and refused."""

    def test_figures_of_a_session(self, django_assert_max_num_queries: Any) -> None:
        session, worlds = a_session_at_its_end()
        with django_assert_max_num_queries(12):
            found = figures.count(session)
        total = found["total"]
        assert [total[kind] for kind in KINDS] == [1, 0, 3, 0, 1, 1]
        assert total["filing_rate"] == "60.0"
        assert (total["answered"], total["in_time_rate"]) == (2, "100.0")
        assert (total["rated"], total["satisfaction"]) == (1, "100.0")
        for lines in ("by_category",):
            assert sum(row["received"] for row in found[lines]) == total["received"]
        assert {row["name"] for row in found["by_unit"]} == {
            worlds[state].unit.name for state in ("closed", "answered", "handling")
        }
        assert [row["number"] for row in found["proposals"]] == [
            f"10-1-{number:03d}" for number in range(1, 7)
        ]
        gone = found["proposals"][-1]
        assert (gone["subject"], gone["proposer"], gone["delegation"]) == ("提案withdrawn", "", "")
        assert set(FILED_STATES) <= {state.code for state in STATES}

    def test_a_late_reply_counts_as_late(self, time_machine: Any) -> None:
        session = make_session()
        world = Proposed(session)
        world.to("handling")
        time_machine.move_to(timezone.now() + datetime.timedelta(days=90))
        world.step("reply", world.handler, reply="两巷各设一个，已完成。", result="solved")
        world.step("approve_reply", world.checker)
        total = figures.count(session)["total"]
        assert (total["answered"], total["in_time"], total["in_time_rate"]) == (1, 0, "0.0")

    def test_best_proposals_are_finished_ones(self) -> None:
        session, worlds = a_session_at_its_end()
        office = worlds["closed"].office
        assert services.name_best(session, office, {str(worlds["closed"].pk)}) == 1
        with pytest.raises(NotPossible):
            services.name_best(session, office, {str(worlds["handling"].pk)})
        assert figures.count(session)["best"][0]["number"] == "10-1-001"

    def test_no_report_while_something_waits(self) -> None:
        session = make_session()
        world = Proposed(session)
        world.to("examined")
        with pytest.raises(NotPossible):
            reports.write(session.pk, world.office)
        for role in ("employee", "union_chair", "discipline_auditor"):
            with pytest.raises(NotYours):
                reports.write(session.pk, make_user(role))

    def test_the_workbook_computes_nothing(self) -> None:
        session = make_session()
        Proposed(session, subject="=HYPERLINK(1)").to("filed")
        book = load_workbook(saved(sheets.workbook(figures.count(session))))
        cell = book["提案一览"]["B2"]
        assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_the_report_is_frozen_published_by_another_and_captured(
    settings: Any, tmp_path: Any
) -> None:
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    session, worlds = a_session_at_its_end()
    world = worlds["closed"]
    report = reports.write(session.pk, world.office)
    first = report.written_at.isoformat()
    frozen = report.figures["total"]
    worlds["answered"].step("rate", worlds["answered"].applicant, reply_level=1)
    report.refresh_from_db()
    assert report.figures["total"] == frozen
    assert frozen != figures.count(session)["total"]

    again = reports.write(session.pk, world.office)
    with pytest.raises(TooLate):
        reports.publish(session.pk, world.chair, first)
    seen = again.written_at.isoformat()
    with pytest.raises(NotYours):
        reports.publish(session.pk, world.office, seen)
    from tests.factories.roles import make_assignment

    make_assignment(world.office, "union_chair")
    both = type(world.office).objects.get(pk=world.office.pk)
    with pytest.raises(OwnWork):
        reports.publish(session.pk, both, seen)

    reports.publish(session.pk, world.chair, seen)
    report = CongressReport.objects.select_related("page").get()
    assert report.page is not None
    assert report.page.live
    record = Record.objects.get(source_id=str(report.page.pk))
    assert record.kind == "congress-report"
    published = Publication.objects.get(page_id=report.page.pk)
    assert (published.kind, published.audience) == ("congress-report", "employees")
    with pytest.raises(TooLate):
        reports.write(session.pk, world.office)
    with pytest.raises(TooLate):
        services.name_best(session, world.office, set())

    reader = Client()
    reader.force_login(make_user("employee"))
    page = reader.get(report.page.url).content.decode()
    assert "立案率60.0%" in page
    answer = reader.get(f"/participation/congress/{session.pk}/report/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as document:
        assert len(document.pages) >= 2
    assert not report.page.permissions_for_user(make_user(is_superuser=True)).can_edit()


@pytest.mark.database
@pytest.mark.django_db
def test_an_unpublished_report_is_the_offices() -> None:
    session, worlds = a_session_at_its_end()
    address = f"/participation/congress/{session.pk}/report/pdf/"
    clients = {}
    for role in ("employee", "union_staff"):
        clients[role] = Client()
        clients[role].force_login(make_user(role))
        assert clients[role].get(address).status_code == 404
    reports.write(session.pk, worlds["closed"].office)
    assert clients["employee"].get(address).status_code == 404
    assert clients["union_staff"].get(address).status_code == 200
