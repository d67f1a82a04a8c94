"""Kill -9 of the worker at every step: each render ends exactly once after a restart."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from portal.archives.models import LedgerEntry, Record, Render, RenderStatus
from portal.archives.renders import RENDITION
from portal.archives.verification import all_faults
from tests.factories.files import make_document, make_picture
from tests.factories.pages import make_news_page
from tests.faults.processes import run_module
from tests.faults.worker import STEPS

pytestmark = [pytest.mark.faults, pytest.mark.database, pytest.mark.django_db(transaction=True)]

MADE = {"pdf", "snapshot", "process-sheet"}


def test_every_render_ends_once_wherever_its_worker_dies(tmp_path, settings, capsys):
    # Where a process with this folder as its DATA_DIR keeps its files.
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    rounds = 6 if os.environ.get("PORTAL_FAULTS") == "full" else 1
    for number in range(len(STEPS) * rounds // 2):
        body = [("attachments", {"title": "", "attachments": [{"document": make_document()}]})]
        make_news_page(title=f"快讯{number}", live=True, picture=make_picture(), body=body)

    result = json.loads(run_module("tests.faults.worker", tmp_path, rounds).splitlines()[-1])

    with capsys.disabled():
        print(f"\nworkers killed at each step: {result['killed']}; swept: {result['swept']}")
    assert result["killed"] == dict.fromkeys(STEPS, rounds)
    assert set(Render.objects.values_list("status", flat=True)) == {RenderStatus.DONE}
    for record in Record.objects.prefetch_related("files"):
        entries = LedgerEntry.objects.filter(record_id=record.pk, kind=RENDITION)
        assert entries.count() == 1, record
        roles = sorted(file.role for file in record.files.all())
        assert len(roles) == len(set(roles))
        assert set(roles) >= MADE
        assert all(file.stored_at and file.sm3 for file in record.files.all())
    assert [fault for fault in all_faults() if fault is not None] == []
    assert list(Path(settings.ARCHIVE_ROOT).glob("incoming-*")) == []
