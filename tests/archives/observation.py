"""What the archive holds of a page, in words that a test can compare."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from portal.archives import ledger
from portal.archives.capture import capture_payload
from portal.archives.models import LedgerEntry, Record, Render
from portal.archives.reconciliation import differences
from portal.archives.verification import all_faults


def records(page: Any) -> list[Record]:
    """The records of a page, oldest first."""
    return list(Record.objects.filter(source_id=str(page.pk)).order_by("version"))


def events(page: Any) -> list[str]:
    """The kinds of the ledger entries of a page, oldest first."""
    keys = [record.pk for record in records(page)]
    return list(
        LedgerEntry.objects.filter(record_id__in=keys)
        .order_by("sequence")
        .values_list("kind", flat=True)
    )


def fields(record: Record) -> dict[str, Any]:
    """The captured fields of a record."""
    captured: dict[str, Any] = capture_payload(record)["content"]["fields"]
    return captured


def assert_recorded(page: Any, *titles: str) -> None:
    """The page has exactly these versions, linked, rendered once each, and all fits."""
    found = records(page)
    assert [record.title for record in found] == list(titles)
    assert [record.version for record in found] == list(range(1, len(titles) + 1))
    for record, previous in zip(found, [None, *found], strict=False):
        assert record.previous == previous
        assert fields(record)["title"] == record.title
        assert Render.objects.filter(record=record).count() == 1
    assert_sound()


def assert_sound() -> None:
    """Ledger, records and live pages fit each other."""
    assert list(ledger.faults()) == []
    assert [fault for fault in all_faults() if fault is not None] == []
    assert list(differences()) == []


def stored(page: Any) -> Any:
    """The page as the database has it."""
    return Page.objects.get(pk=page.pk).specific
