"""Inspect a record and keep what was found."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import override

from portal.archives import ledger
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.canonical import digest
from portal.archives.inspection import package
from portal.archives.inspection.contents import INSPECT
from portal.archives.inspection.context import Inspected
from portal.archives.inspection.outcomes import Finding, failed, not_run
from portal.archives.inspection.table import CHECKS, UNCONFIRMED, Check, checks_of
from portal.archives.models import (
    Inspection,
    InspectionResult,
    InspectionStage,
    Outcome,
    Record,
    SealedPackage,
    Verdict,
)

logger = logging.getLogger(__name__)


def _run(check: Check, inspected: Inspected) -> Finding:
    if check.implementation is None:
        return not_run(f"{UNCONFIRMED}：检测内容未经核实，不作合格论")
    try:
        return check.implementation(inspected)
    except Exception as error:
        # A check that cannot cope with what it finds must not let it pass.
        logger.exception("Check %s of record %s failed.", check.code, inspected.record.pk)
        return failed([f"检测中断：{type(error).__name__}"])


def run_checks(
    record: Record, stage: str = InspectionStage.FILING, codes: Iterable[str] | None = None
) -> dict[str, Finding]:
    """Run the checks of a stage, or only some codes of it, without writing anything.

    Returns the findings by code in the order of the standard. The record is read again, so
    that what is judged is what the database holds.
    """
    stage = InspectionStage(stage)
    wanted = set(codes) if codes is not None else None
    fresh = Record.objects.select_related("render", "unit").get(pk=record.pk)
    inspected = Inspected(fresh, stage)
    with override("zh-hans"):
        return {
            check.code: _run(check, inspected)
            for check in checks_of(stage)
            if wanted is None or check.code in wanted
        }


def blocks(code: str, finding: Finding) -> bool:
    """Whether a finding alone fails the inspection."""
    blocking = CHECKS[code].blocking if finding.blocking is None else finding.blocking
    return blocking and finding.outcome == Outcome.FAILED


def verdict_of(findings: dict[str, Finding]) -> Verdict:
    """One blocking failure fails; nothing is added up."""
    failing = any(blocks(code, finding) for code, finding in findings.items())
    return Verdict.FAIL if failing else Verdict.PASS


def evidence_digest(results: Iterable[tuple[str, str, bool, str]]) -> str:
    """Return the digest of a report: code, outcome, blocking and evidence of every line."""
    return digest([list(line) for line in results])


def inspect(
    record: Record, stage: str = InspectionStage.FILING, user: Any | None = None
) -> Inspection:
    """Make the documents of the package where they are missing, run all checks, keep the report.

    Call it outside a transaction: it appends to the ledger, and whoever waits for a row after
    that can deadlock.

    Args:
        record: its files must have been made by the worker.
        stage: GD for filing (at the pool and again at the acceptance), YJ, CQ.
        user: who asked for it; None for the portal itself.

    Raises:
        NotReady: the worker has not made the files of the record yet.
        LevelChanged: its level changed again and again meanwhile; nothing was written.
    """
    stage = InspectionStage(stage)
    if stage != InspectionStage.LONG_TERM:
        # Without the key of a sealed record nothing can be described; the checks say so.
        with override("zh-hans"), contextlib.suppress(SealedUnreadable):
            package.prepare(record)
    # Read before the checks: they have seen this package at least.
    layer = _newest_layer(record) if stage == InspectionStage.TRANSFER else None
    findings = run_checks(record, stage)
    return _save(record, stage, user, findings, layer)


def _newest_layer(record: Record) -> int | None:
    newest: int | None = SealedPackage.objects.filter(record=record).aggregate(newest=Max("layer"))[
        "newest"
    ]
    return newest


@transaction.atomic
def _save(
    record: Record,
    stage: InspectionStage,
    user: Any | None,
    findings: dict[str, Finding],
    layer: int | None,
) -> Inspection:
    lines = [
        (
            code,
            finding.outcome.value,
            CHECKS[code].blocking if finding.blocking is None else finding.blocking,
            finding.evidence,
        )
        for code, finding in findings.items()
    ]
    inspection = Inspection.objects.create(
        record=record,
        stage=stage,
        verdict=verdict_of(findings),
        failed_codes=[code for code, outcome, *_ in lines if outcome == Outcome.FAILED],
        not_run_codes=[code for code, outcome, *_ in lines if outcome == Outcome.NOT_RUN],
        layer=layer,
        inspected_at=timezone.now(),
        inspected_by=user,
    )
    InspectionResult.objects.bulk_create(
        InspectionResult(
            inspection=inspection,
            position=position,
            code=code,
            outcome=outcome,
            blocking=blocking,
            evidence=evidence,
        )
        for position, (code, outcome, blocking, evidence) in enumerate(lines)
    )
    ledger.append(
        [
            ledger.Draft(
                INSPECT,
                record.pk,
                {
                    "record": record.pk,
                    "inspection": inspection.pk,
                    "stage": stage,
                    "verdict": inspection.verdict,
                    "inspected_at": inspection.inspected_at,
                    "account": getattr(user, "pk", None),
                    "outcomes": {code: outcome for code, outcome, *_ in lines},
                    "report": evidence_digest(lines),
                },
            )
        ]
    )
    return inspection


def latest_inspections(records: Iterable[Record]) -> dict[Any, Inspection]:
    """Return the newest inspection of each record that has one, by the record's id; one query."""
    newest = (
        Inspection.objects.filter(record__in=[record.pk for record in records])
        .order_by()
        .values("record")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    return {found.record_id: found for found in Inspection.objects.filter(pk__in=newest)}
