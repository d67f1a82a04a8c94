"""Kill -9 of publishing processes: no live page without its record, no record without its page."""

from __future__ import annotations

import collections
import json
import os
from pathlib import Path
from typing import Any

import pytest
from wagtail.models import Page, PageLogEntry

from portal.archives import ledger
from portal.archives.models import LedgerEntry, Record, Render
from portal.archives.reconciliation import differences
from portal.archives.verification import all_faults
from portal.pages.models import PortalPage, Publication
from tests.factories.people import make_user
from tests.faults import mutation
from tests.faults.processes import run_module

pytestmark = [pytest.mark.faults, pytest.mark.database, pytest.mark.django_db(transaction=True)]

LARGE, SMALL = 300, 30
# Kills between two transactions prove nothing; fewer than this share inside one is no test.
LEAST_SHARE_INSIDE = 0.30
SEED = int(os.environ.get("PORTAL_FAULT_SEED", "20261121"))


def kills() -> int:
    """How many processes to kill: the large run by `make faults`, a tenth of it otherwise."""
    usual = LARGE if os.environ.get("PORTAL_FAULTS") == "full" else SMALL
    return int(os.environ.get("PORTAL_FAULT_KILLS", usual))


def live_portal_pages() -> set[str]:
    """Keys of the live pages, counted without the reconciliation that is under test."""
    return {
        str(page.pk)
        for page in Page.objects.filter(live=True).specific()
        if isinstance(page, PortalPage)
    }


def violations() -> dict[str, object]:
    """What is wrong with pages, records and ledger, by name; empty when nothing is."""
    live = live_portal_pages()
    current = collections.Counter(Record.objects.current().values_list("source_id", flat=True))
    listed = {str(key) for key in Publication.objects.values_list("pk", flat=True)}
    logged = {str(key) for key in PageLogEntry.objects.values_list("page", flat=True)}
    entries = collections.Counter(LedgerEntry.objects.values_list("record_id", "kind"))
    records = list(Record.objects.all())
    rendered = set(Render.objects.values_list("pk", flat=True))
    found: dict[str, object] = {
        "live pages without a record": live - current.keys(),
        "records of pages that are not live": current.keys() - live,
        "pages with more than one current record": {k for k, n in current.items() if n > 1},
        "live pages without a row in the lists, or the reverse": live ^ listed,
        "live pages without an entry in Wagtail's log": live - logged,
        "records not captured exactly once": {
            record.pk for record in records if entries[record.pk, "capture"] != 1
        },
        "records not ended exactly when they say so": {
            record.pk
            for record in records
            if entries[record.pk, "end"] != (record.ended_at is not None)
        },
        "records without their render, or the reverse": rendered ^ {row.pk for row in records},
        "captures of no record": {key for key, kind in entries if kind == "capture"}
        - {record.pk for record in records},
        "faults of the ledger": list(ledger.faults()),
        "faults of the archive": [fault for fault in all_faults() if fault is not None],
        "differences found by the reconciliation": list(differences()),
    }
    return {name: what for name, what in found.items() if what}


def kill(number: int, folder: Path) -> dict[str, Any]:
    """Kill publishers on the database of the test; return what they died of."""
    author, reviewer = make_user("party_staff"), make_user("party_approver")
    said = run_module("tests.faults.publisher", folder, number, SEED, author.pk, reviewer.pk)
    result: dict[str, Any] = json.loads(said.splitlines()[-1])
    return result


def test_no_kill_separates_a_page_from_its_record(tmp_path, capsys):
    result = kill(kills(), tmp_path)

    with capsys.disabled():
        print(
            f"\n{result['kills']} publishers killed, {result['inside']} inside a transaction "
            f"({result['inside_by_action']}); {len(live_portal_pages())} pages live, "
            f"{Record.objects.count()} records, {LedgerEntry.objects.count()} ledger entries"
        )
    assert result["inside"] >= LEAST_SHARE_INSIDE * result["kills"]
    assert violations() == {}


@pytest.mark.skipif(
    os.environ.get("PORTAL_FAULTS") != "full", reason="the large fault runs try the test itself"
)
def test_the_kill_test_finds_a_capture_that_comes_after_the_commit(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(mutation.VARIABLE, mutation.CAPTURE_AFTER_COMMIT)

    kill(SMALL, tmp_path)

    found = violations()
    with capsys.disabled():
        counted = {name: len(what) for name, what in found.items() if isinstance(what, set)}
        print(f"\n{SMALL} publishers killed that capture after the commit: {counted}")
    separated = {"live pages without a record", "records of pages that are not live"}
    assert found.keys() & separated
    assert "differences found by the reconciliation" in found
