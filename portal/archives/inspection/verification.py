"""Prove the inspection reports: every stored result is what the ledger committed to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from portal.archives import ledger
from portal.archives.inspection.contents import INSPECT
from portal.archives.inspection.services import evidence_digest
from portal.archives.ledger import Fault
from portal.archives.models import Inspection, LedgerEntry, Record


def report_faults(record: Record) -> Iterator[Fault]:
    """Yield how the inspections of a record differ from their ledger entries."""
    place = f"record:{record.pk}"
    sequences = LedgerEntry.objects.filter(record_id=record.pk, kind=INSPECT).values_list(
        "sequence", flat=True
    )
    said = {}
    for sequence, opened in ledger.payloads_of(sequences).items():
        if opened.refusal is not None:
            # The walk over the ledger names it.
            return
        try:
            payload = json.loads(opened.body)
            said[payload["inspection"]] = payload
        except (json.JSONDecodeError, KeyError, TypeError):
            yield Fault(f"ledger:{sequence}", "the payload is no inspection")
    kept = {
        inspection.pk: inspection
        for inspection in record.inspections.prefetch_related("results").all()
    }
    for key in sorted(said.keys() | kept.keys()):
        if key not in said:
            yield Fault(place, f"no ledger entry proves inspection {key}")
        elif key not in kept:
            yield Fault(place, f"inspection {key} is gone")
        elif not _same(kept[key], said[key]):
            yield Fault(place, f"inspection {key} differs from what was recorded")


def _same(inspection: Inspection, payload: dict[str, Any]) -> bool:
    results = sorted(inspection.results.all(), key=lambda result: result.position)
    lines = [(result.code, result.outcome, result.blocking, result.evidence) for result in results]
    return (
        inspection.verdict == payload.get("verdict")
        and inspection.stage == payload.get("stage")
        and evidence_digest(lines) == payload.get("report")
    )
