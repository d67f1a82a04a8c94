"""Safety (安全性): GD-4-1 to GD-4-7."""

from __future__ import annotations

from django.utils.dateparse import parse_datetime

from portal.archives import file_access, store
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.access.vault import sealed_folder
from portal.archives.inspection import scanning
from portal.archives.inspection.context import Inspected
from portal.archives.inspection.outcomes import (
    Finding,
    failed,
    judged,
    not_applicable,
    not_run,
    passed,
)
from portal.archives.models import PACKAGE_ROLES, RecordFile

# A worker stores bytes before it writes their rows.
YOUNGEST_SECONDS = 3600
NO_SCANNER = "没有配置杀毒服务（CLAMD_ADDRESS），未检，不作合格论"


def scanner(inspected: Inspected) -> Finding:
    """GD-4-1: a virus scanner is installed and answers."""
    if not scanning.configured():
        return not_run(NO_SCANNER)
    try:
        return passed(f"杀毒服务在运行：{scanning.version()}")
    except scanning.ScannerFailed as error:
        return failed([f"杀毒服务没有响应：{error}"])


def viruses(inspected: Inspected) -> Finding:
    """GD-4-2: the scanner finds nothing in any file of the package."""
    if not scanning.configured():
        return not_run(NO_SCANNER)
    problems = []
    try:
        for file in inspected.files:
            try:
                name = scanning.virus_in(file_access.open_chunks(file))
            except (store.MissingFile, SealedUnreadable):
                return not_run(f"{file.name} 读不出来，没有扫描")
            if name:
                problems.append(f"{file.name} 含 {name}")
    except scanning.ScannerFailed as error:
        # What was found before the scanner stopped still counts.
        return failed(problems) if problems else not_run(f"没有扫描完：{error}")
    return judged(problems, f"{len(inspected.files)} 个文件没有发现病毒")


def strays(inspected: Inspected) -> Finding:
    """GD-4-3: no file of the record is outside its catalogue."""
    if inspected.catalogue is None:
        return failed(["没有可读的文件目录，无法核对"])
    listed = {(row.get("类型"), row.get("SHA-256")) for row in inspected.catalogue}
    problems = [
        f"{file.name} 不在文件目录内"
        for file in inspected.files
        if file.role not in PACKAGE_ROLES and (file.role, file.sha256) not in listed
    ]
    problems += [f"本件目录下有多余文件 {name[:16]}…" for name in _unknown_sealed(inspected)]
    return judged(problems, f"{len(inspected.files)} 个文件，没有目录以外的文件")


def _unknown_sealed(inspected: Inspected) -> list[str]:
    """Return files in the folder of a sealed record that have no row.

    Open records share the store by digest and have no folder; there the fixity job looks.
    """
    folder = sealed_folder(inspected.record.pk)
    if not folder.is_dir():
        return []
    # Sealed packages too, which lie there beside what is checked.
    rows = RecordFile.objects.filter(record=inspected.record)
    known = set(rows.values_list("sha256", flat=True))
    moment = inspected.now.timestamp() - YOUNGEST_SECONDS
    return [
        entry.name
        for entry in sorted(folder.iterdir())
        if entry.name not in known and entry.stat().st_mtime < moment
    ]


def offline_medium(inspected: Inspected) -> Finding:
    """GD-4-4 to GD-4-6: speed, look and quality of an offline medium."""
    return not_applicable("在线归档，没有离线载体")


def operations(inspected: Inspected) -> Finding:
    """GD-4-7: who did what when is known, and nobody decided alone."""
    events = inspected.process
    if not events:
        return failed(["没有操作记录"])
    problems = []
    for event in events:
        if parse_datetime(str(event.get("at") or "")) is None:
            problems.append(f"“{event.get('action')}”没有时间")
    writers = {
        event.get("account") for event in events if event.get("action") in ("draft", "submit")
    }
    approvals = [event for event in events if event.get("action") == "approve"]
    if inspected.record.source_kind == "page" and not approvals:
        problems.append("没有第二人审核")
    for event in approvals:
        if event.get("account") in writers:
            problems.append("审核人就是拟稿人或送审人")
        if not event.get("account"):
            problems.append("审核人不明")
    # Names stay in the process sheet; the report shows numbers only.
    people = len({event.get("account") for event in events if event.get("account")})
    return judged(problems, f"{len(events)} 步操作均有记录，经办 {people} 人，审核人与拟稿人不同")
