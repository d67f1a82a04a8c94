"""Kill -9 of publishing processes: no live page without its record, no record without its page."""

from __future__ import annotations

import collections
import json
import os

import pytest
from wagtail.models import Page, PageLogEntry

from portal.archives import ledger
from portal.archives.models import LedgerEntry, Record, Render
from portal.archives.reconciliation import differences
from portal.archives.verification import all_faults
from portal.pages.models import PortalPage, Publication
from tests.factories.people import make_user
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


def test_no_kill_separates_a_page_from_its_record(tmp_path, capsys):
    author, reviewer = make_user("party_staff"), make_user("party_approver")

    result = json.loads(
        run_module(
            "tests.faults.publisher", tmp_path, kills(), SEED, author.pk, reviewer.pk
        ).splitlines()[-1]
    )

    live = live_portal_pages()
    current = collections.Counter(Record.objects.current().values_list("source_id", flat=True))
    with capsys.disabled():
        print(
            f"\n{result['kills']} publishers killed, {result['inside']} inside a transaction "
            f"({result['inside_by_action']}); {len(live)} pages live, "
            f"{Record.objects.count()} records, {LedgerEntry.objects.count()} ledger entries"
        )
    assert result["inside"] >= LEAST_SHARE_INSIDE * result["kills"]

    assert live - current.keys() == set(), "live pages without a record"
    assert current.keys() - live == set(), "records of pages that are not live"
    assert set(current.values()) == {1}
    assert live == {str(key) for key in Publication.objects.values_list("pk", flat=True)}
    logged = {str(key) for key in PageLogEntry.objects.values_list("page", flat=True)}
    assert live - logged == set(), "live pages without an entry in Wagtail's log"

    entries = collections.Counter(LedgerEntry.objects.values_list("record_id", "kind"))
    for record in Record.objects.all():
        assert entries[record.pk, "capture"] == 1
        assert entries[record.pk, "end"] == (record.ended_at is not None)
    assert Render.objects.count() == Record.objects.count()
    assert sum(1 for _record, kind in entries.elements() if kind == "capture") == len(
        Record.objects.all()
    )
    assert list(ledger.faults()) == []
    assert [fault for fault in all_faults() if fault is not None] == []
    assert list(differences()) == []
