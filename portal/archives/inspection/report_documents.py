"""Inspection reports as XML, for those who receive records without this portal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from lxml import etree

from portal.archives.inspection import metadata
from portal.archives.inspection.services import evidence_digest
from portal.archives.inspection.table import CHECKS, UNCONFIRMED
from portal.archives.models import Inspection, InspectionResult, Outcome, Record

STAGES = {"GD": "归档", "YJ": "移交与接收", "CQ": "长期保存"}
OUTCOMES = {
    Outcome.PASSED: "通过",
    Outcome.FAILED: "不通过",
    Outcome.NOT_APPLICABLE: "不适用",
    Outcome.NOT_RUN: "未检",
}


def summary(record: Record, inspection: Inspection) -> Any:
    """Return a report in short: result, moment, what was not run or not passed, digest.

    The digest stands in the ledger too, so that the whole report can be asked for and compared.
    """
    return _summary(record, inspection, list(inspection.results.all()))


def _summary(record: Record, inspection: Inspection, results: list[InspectionResult]) -> Any:
    lines = [(line.code, line.outcome, line.blocking, line.evidence) for line in results]
    entry = etree.Element("检测")
    for name, value in (
        ("档号", record.archive_code or ""),
        ("电子文件号", record.pk),
        ("环节", STAGES[inspection.stage]),
        ("结论", "通过" if inspection.passed else "不通过"),
        ("检测时间", timezone.localtime(inspection.inspected_at).isoformat(timespec="seconds")),
        ("项数", len(lines)),
        ("不通过项", _codes(results, Outcome.FAILED)),
        ("未检项", _codes(results, Outcome.NOT_RUN)),
        ("报告摘要", evidence_digest(lines)),
    ):
        etree.SubElement(entry, name).text = metadata.text_allowed(value)
    return entry


def _codes(results: Iterable[InspectionResult], outcome: str) -> str:
    return "、".join(line.code for line in results if line.outcome == outcome)


def document(record: Record, inspection: Inspection) -> bytes:
    """Return a whole report as an XML document: every check with its result and evidence."""
    results = list(inspection.results.all())
    root = etree.Element("四性检测报告", 依据="DA/T 70-2018")
    root.append(_summary(record, inspection, results))
    for line in results:
        check = CHECKS.get(line.code)
        attributes = {
            "编号": f"{inspection.stage}-{line.code}",
            "名称": check.name + (f"（{UNCONFIRMED}）" if check.marked else "") if check else "",
            "结果": OUTCOMES[Outcome(line.outcome)],
        }
        etree.SubElement(root, "项", attributes).text = metadata.text_allowed(line.evidence)
    return metadata.write(root)
