"""Four-property checks: intact packages pass, reports are honest, the ledger keeps them."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from honors.models import ExcellentMemberPage, HonorIndexPage, SafetyModelPostPage
from portal.archives import file_access, ledger, store
from portal.archives.access.refusals import LevelChanged
from portal.archives.access.services import change_level
from portal.archives.fixity import strays
from portal.archives.inspection import package, services
from portal.archives.inspection.table import CHECKS, UNCONFIRMED, checks_of
from portal.archives.inspection.verification import report_faults
from portal.archives.models import (
    PACKAGE_ROLES,
    AccessLevel,
    Inspection,
    InspectionStage,
    LedgerEntry,
    Outcome,
    Record,
    RecordKey,
    Render,
    Verdict,
)
from portal.pages.models import NoticeIndexPage, NoticePage
from tests.archives.mutations.intact import accepted, full_record, plain_record, reviewed
from tests.archives.observation import assert_sound
from tests.factories.archives import bare_record, make_pool, record_of
from tests.factories.files import make_picture
from tests.factories.organizations import party_committee
from tests.factories.people import make_user
from union.models import UnionIndexPage, UnionNewsPage
from veterans.models import PolicyPage, VeteransIndexPage

pytestmark = [pytest.mark.django_db(transaction=True)]

NEVER_RUN = {"1-9", "4-1", "4-2"}


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    """Files of their own for every test."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"


def outcomes(inspection: Inspection) -> dict[str, tuple[str, str]]:
    """The outcome and the evidence of every code."""
    return {result.code: (result.outcome, result.evidence) for result in inspection.results.all()}


def assert_intact(inspection: Inspection) -> None:
    """Nothing failed, and what was not run says so."""
    found = outcomes(inspection)
    assert {code: line for code, line in found.items() if line[0] == Outcome.FAILED} == {}
    assert {code for code, line in found.items() if line[0] == Outcome.NOT_RUN} == NEVER_RUN
    assert all(evidence for _outcome, evidence in found.values())
    assert inspection.verdict == Verdict.PASS


def test_the_table_has_the_forty_codes_once():
    wanted = [
        f"{group}-{number}"
        for group, count in ((1, 14), (2, 11), (3, 8), (4, 7))
        for number in range(1, count + 1)
    ]
    assert list(CHECKS) == wanted
    assert CHECKS["1-9"].name == UNCONFIRMED
    assert CHECKS["1-9"].implementation is None
    unconfirmed = {"1-9", "2-8", "3-4", "3-5", "3-6", "3-7"}
    assert {code for code, check in CHECKS.items() if not check.confirmed} == unconfirmed
    again = [check.code for check in checks_of(InspectionStage.LONG_TERM)]
    assert again == [
        *("1-1", "2-1", "2-2", "2-7"),
        *("3-1", "3-2", "3-3", "3-4", "3-5", "4-2"),
    ]


def test_an_intact_package_passes_before_and_after_its_acceptance():
    record = full_record()
    first = services.inspect(record, InspectionStage.FILING)
    assert_intact(first)
    assert first.results.count() == 40
    accepted_record = accepted(record)
    second = services.inspect(accepted_record, InspectionStage.FILING)
    assert_intact(second)
    assert str(accepted_record.archive_code) in outcomes(second)["1-7"][1]
    third = services.inspect(accepted_record, InspectionStage.LONG_TERM)
    assert third.verdict == Verdict.PASS
    assert third.results.count() == 10
    assert_sound()


def test_what_is_published_after_midnight_is_not_in_the_future(time_machine: Any) -> None:
    """In Greenwich it is still the day before."""
    time_machine.move_to("2026-11-24 00:30+08:00")
    assert_intact(services.inspect(plain_record()))


def test_a_package_without_attachments_passes_and_says_so():
    inspection = services.inspect(plain_record())
    assert_intact(inspection)
    found = outcomes(inspection)
    assert found["2-8"][0] == Outcome.NOT_APPLICABLE
    assert {found[code][0] for code in ("4-4", "4-5", "4-6")} == {Outcome.NOT_APPLICABLE}


def test_a_sealed_package_is_checked_like_an_open_one() -> None:
    record = plain_record(audience="employees")
    assert record.access_level == AccessLevel.INTERNAL
    inspection = services.inspect(record)
    assert_intact(inspection)
    assert all(file.sealed for file in record.files.all())

    path = file_access.path_of(record.files.get(role="metadata"))
    stray = path.with_name("0" * 64)
    stray.write_bytes(b"nobody knows me")
    assert services.run_checks(record, codes=["4-3"])["4-3"].outcome == Outcome.PASSED
    os.utime(stray, (0, 0))
    assert services.run_checks(record, codes=["4-3"])["4-3"].outcome == Outcome.FAILED
    stray.unlink()

    path.chmod(0o640)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    broken = services.inspect(record)
    assert {"1-1", "2-3", "3-1"} <= set(broken.failed_codes)
    RecordKey.objects.filter(pk=record.pk).delete()
    locked = services.inspect(record)
    assert "1-1" in locked.failed_codes


def test_whoever_describes_a_package_second_leaves_nothing_in_the_store(monkeypatch) -> None:
    record = plain_record()
    events = package.record_events(record)
    # The first look finds no documents yet, the one under the lock finds another's.
    looks = [dataclasses.replace(events, entries=[]), events]
    monkeypatch.setattr(package, "record_events", lambda record: looks.pop(0))
    assert package.prepare(record) is False
    assert strays.find(youngest_seconds=0) == {}


def outdated_record(archivist: Any) -> Record:
    """An open record whose package is to be described again."""
    record = plain_record(audience="public")
    for level in (AccessLevel.INTERNAL, AccessLevel.OPEN):
        record = change_level(record.pk, level, by=archivist, reason="x")
    return record


@pytest.mark.parametrize("level", [AccessLevel.INTERNAL, AccessLevel.CONTROLLED])
def test_a_level_raised_while_a_package_is_described_leaves_nothing_in_clear(
    monkeypatch, level
) -> None:
    archivist = make_user("archivist")
    record = outdated_record(archivist)
    make = package._make
    raised: list[Any] = []

    def raised_meanwhile(*arguments: Any) -> Any:
        made = make(*arguments)
        if not raised:
            raised.append(change_level(record.pk, level, by=archivist, reason="含病情"))
        return made

    monkeypatch.setattr(package, "_make", raised_meanwhile)
    assert package.prepare(record)
    documents = record.files.filter(role__in=PACKAGE_ROLES)
    assert {file.sealed for file in documents} == {True}
    for file in documents:
        assert not store.exists(file.sha256)
    assert "内部" in file_access.read(documents.get(role="metadata")).decode()
    assert strays.find(youngest_seconds=0) == {}
    assert_sound()


def test_a_package_whose_level_keeps_changing_is_put_off(monkeypatch) -> None:
    archivist = make_user("archivist")
    record = outdated_record(archivist)
    kept = set(record.files.filter(role__in=PACKAGE_ROLES).values_list("sha256", flat=True))
    make = package._make
    levels = itertools.cycle([AccessLevel.INTERNAL, AccessLevel.OPEN])

    def changed_meanwhile(*arguments: Any) -> Any:
        made = make(*arguments)
        change_level(record.pk, next(levels), by=archivist, reason="x")
        return made

    monkeypatch.setattr(package, "_make", changed_meanwhile)
    with pytest.raises(LevelChanged):
        package.prepare(record)
    documents = record.files.filter(role__in=PACKAGE_ROLES)
    assert set(documents.values_list("sha256", flat=True)) == kept
    assert strays.find(youngest_seconds=0) == {}


def test_a_check_that_breaks_off_is_no_pass(monkeypatch, caplog) -> None:
    record = bare_record()

    def broken(inspected: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setitem(CHECKS, "1-8", dataclasses.replace(CHECKS["1-8"], implementation=broken))
    finding = services.run_checks(record, codes=["1-8"])["1-8"]
    assert (finding.outcome, services.blocks("1-8", finding)) == (Outcome.FAILED, True)
    assert "ZeroDivisionError" in caplog.text


def test_the_report_is_in_the_ledger_and_in_lists():
    record = plain_record()
    other = full_record()
    services.inspect(record)
    newest = services.inspect(record)
    entries = LedgerEntry.objects.filter(record_id=record.pk, kind="inspect")
    assert entries.count() == 2
    payload = ledger.payload_of(entries.latest("sequence").sequence)
    assert payload["inspection"] == newest.pk
    assert payload["outcomes"] == {code: line[0] for code, line in outcomes(newest).items()}
    assert services.latest_inspections(Record.objects.all()) == {record.pk: newest}
    assert services.latest_inspections([other]) == {}
    assert LedgerEntry.objects.filter(record_id=record.pk, kind="package").count() == 1
    assert_sound()


def test_a_changed_report_is_found_by_the_verification() -> None:
    record = plain_record()
    inspection = services.inspect(record)
    tampering: dict[str, tuple[Callable[[], Any], str]] = {
        "another verdict": (
            lambda: Inspection.objects.filter(pk=inspection.pk).update(verdict="fail"),
            f"inspection {inspection.pk} differs from what was recorded",
        ),
        "another outcome": (
            lambda: inspection.results.filter(code="4-2").update(outcome="passed"),
            f"inspection {inspection.pk} differs from what was recorded",
        ),
        "a line gone": (
            lambda: inspection.results.filter(code="4-2").delete(),
            f"inspection {inspection.pk} differs from what was recorded",
        ),
        "a report gone": (
            lambda: Inspection.objects.filter(pk=inspection.pk).delete(),
            f"inspection {inspection.pk} is gone",
        ),
        "a report that nobody wrote": (
            lambda: Inspection.objects.create(
                record=record, stage="GD", verdict="pass", inspected_at=inspection.inspected_at
            ),
            "no ledger entry proves inspection",
        ),
    }
    for name, (tamper, problem) in tampering.items():
        with transaction.atomic():
            tamper()
            found = [fault.problem for fault in report_faults(record)]
            transaction.set_rollback(True)
        assert len(found) == 1 and found[0].startswith(problem), (name, found)
    assert_sound()


def make_page(parent: Any, model: Any, **fields: Any) -> Any:
    """Create a draft page of a kind."""
    page = model(title=f"{model.__name__} 一则", slug=model.kind, live=False, **fields)
    parent.objects.get().add_child(instance=page)
    return page


def test_intact_packages_of_every_kind_pass() -> None:
    author, reviewer = make_user("party_staff"), make_user("party_approver", "union_chair")
    committee = party_committee()
    picture = {"image": make_picture(), "alternative_text": "现场", "caption": ""}
    body = [("text", "<p>全文如下。</p>"), ("picture", picture)]
    pages: list[Any] = [
        make_page(NoticeIndexPage, NoticePage, document_number="沁岚党发〔2026〕7号"),
        make_page(VeteransIndexPage, PolicyPage, document_number="沁岚军服〔2026〕3号"),
        make_page(UnionIndexPage, UnionNewsPage, held_on=datetime.date(2026, 5, 1)),
        make_page(HonorIndexPage, SafetyModelPostPage, post_name="主提升机房", year=2025),
        make_page(HonorIndexPage, ExcellentMemberPage, member_name="田小禾", year=2025),
    ]
    Render.objects.update(available_at=timezone.now() + datetime.timedelta(days=3650))
    for page in pages:
        page.unit, page.body = committee, body
        page.save_revision(user=author)
        reviewed(page, author, reviewer)
    make_pool()
    for page in pages:
        record = record_of(page)
        found = outcomes(services.inspect(record))
        failures = {code: line for code, line in found.items() if line[0] == Outcome.FAILED}
        assert failures == {}, page.kind
        assert found["2-8"][0] == Outcome.PASSED, page.kind
    assert_sound()


def test_a_shared_document_number_is_said_and_does_not_block() -> None:
    """One document is published as several items; two with the same title on a day do block."""
    first = bare_record(reference="沁岚军服〔2026〕3号", title="住房补贴标准")
    second = bare_record(reference="沁岚军服〔2026〕3号", title="医疗补助标准")
    finding = services.run_checks(second, codes=["1-8"])["1-8"]
    assert finding.outcome == Outcome.FAILED
    assert not services.blocks("1-8", finding)
    Record.objects.filter(pk=second.pk).update(title=first.title)
    assert services.blocks("1-8", services.run_checks(second, codes=["1-8"])["1-8"])
