"""Kill -9 in the middle of sealing: either no package or a whole one, and the next run ends it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from portal.archives.attachments import services as attachments
from portal.archives.models import RecordFile
from portal.archives.verification import all_faults
from tests.factories.appraisal import accepted_records, branch_with_page
from tests.factories.certificates import PASSWORD, certificate
from tests.faults.processes import run_module

pytestmark = [pytest.mark.faults, pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_a_package_is_whole_wherever_its_worker_dies(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = os.environ.get("PORTAL_FAULTS") == "full"
    # Where a process with this folder as its DATA_DIR keeps its files.
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    settings.LEDGER_HEAD_DIR = tmp_path / "heads"
    monkeypatch.setenv("PACKAGE_CERTIFICATE", str(certificate(tmp_path / "signer.p12")))
    monkeypatch.setenv("PACKAGE_CERTIFICATE_PASSWORD", PASSWORD)
    monkeypatch.setenv("FIELD_ENCRYPTION_KEYS", ",".join(settings.FIELD_ENCRYPTION_KEYS))
    monkeypatch.setenv("BLIND_INDEX_KEY", settings.BLIND_INDEX_KEY)
    records = accepted_records(branch_with_page(), "第一件", "第二件", "第三件", withdrawn=False)
    while attachments.work_once("the worker"):
        pass
    before = {file.pk for file in RecordFile.objects.all()}

    said = run_module("tests.faults.sealing_steps", tmp_path, 1 if full else 8)
    result = json.loads(said.splitlines()[-1])

    assert result["faults"] == []
    # Fewer would mean that the workers were not killed while they sealed.
    assert result["statements"] >= (40 if full else 5)
    assert result["writes"] >= (5 if full else 3)
    # What the dead had written lies there, belongs to nobody, and is named as such.
    assert 0 < result["left"] <= result["statements"] + result["writes"]
    sealed = RecordFile.objects.exclude(pk__in=before).filter(role="sealed")
    assert sorted(file.record_id for file in sealed) == sorted(record.pk for record in records)
    assert [fault for fault in all_faults() if fault is not None] == []
