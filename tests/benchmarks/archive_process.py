"""One process of the benchmarks of sealing, exporting and restoring.

``seal COUNT``
    publishes and accepts so many items of two pages and prints the pages of their texts, then the
    seconds of sealing each of them; one more is sealed first and not counted.
``fill COUNT``
    makes accepted and sealed records until there are so many.
``export KIND``
    orders and makes one export of all of them; prints how many records it has, the megabytes that
    the process grew above its start at its highest, and the seconds.
``restore FOLDER``
    makes a backup and drills its restoration; prints the seconds of both, the records and the
    faults.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django


def seal(count: str) -> None:
    """Seal items one by one."""
    import pikepdf

    from portal.archives.models import SealedPackage
    from portal.archives.packages.services import work_once
    from tests.benchmarks.archive_items import accepted_item, branch_with_page
    from tests.factories.archives import main_body

    branch, pages, seconds = branch_with_page(), set(), []
    for number in range(int(count) + 1):
        record = accepted_item(branch, number)
        with pikepdf.open(io.BytesIO(main_body(record))) as document:
            pages.add(len(document.pages))
        started = time.perf_counter()
        assert work_once("the worker")
        seconds.append(time.perf_counter() - started)
        assert SealedPackage.objects.filter(record=record).exists()
    print(json.dumps({"pages": sorted(pages), "seconds": seconds[1:]}))


def fill(count: str) -> None:
    """Make records."""
    from django.core.management import call_command

    from portal.archives.inspection.services import inspect
    from portal.archives.models import InspectionStage, Record, RecordState
    from portal.archives.packages.services import work_once
    from portal.archives.tree import nodes
    from tests.benchmarks.archive_items import Copies, accepted_item, branch_with_page

    accepted = Record.objects.filter(state=RecordState.ACCEPTED).select_related("render")
    first = accepted.exclude(source_id__startswith="copy-").first()
    if first is None:
        first = accepted_item(branch_with_page(), 1)
        assert work_once("the worker")
        # Before its copies are made, which have its checks too: an export asks for these.
        assert inspect(first, InspectionStage.TRANSFER).passed
    Copies(accepted.get(pk=first.pk)).write(accepted.count(), int(count) - 1)
    nodes.fill()
    call_command("archive_head", stdout=io.StringIO())
    print(accepted.count())


def _resident() -> float:
    """Return the megabytes that the process holds now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("VmRSS")


def export(kind: str) -> None:
    """Make one export."""
    from portal.archives.models import PackageExport
    from portal.archives.packages.exports import services
    from portal.archives.packages.exports.selection import Selection
    from portal.roles.models import RoleAssignment

    archivist: Any = RoleAssignment.objects.filter(role_code="archivist").first()
    ordered = services.order(kind, Selection(), archivist.person.user)
    before, started = _resident(), time.perf_counter()
    assert services.work_once("the worker")
    seconds = time.perf_counter() - started
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    made = PackageExport.objects.select_related("file").get(pk=ordered.pk)
    assert made.file is not None, made.problem or made.last_error
    said = {"records": made.count, "megabytes": grown, "seconds": seconds, "bytes": made.file.size}
    said["problems"], said["items"] = _read_again(made)
    services.files.remove_of(services.OWNER_KIND, str(made.pk))
    print(json.dumps(said))


def _read_again(made: Any) -> tuple[int, int]:
    """Read an export as a receiving archive does; return faults and item files."""
    from portal.archives.packages.exports import services
    from portal.archives.packages.exports.reading import read_bag

    with tempfile.NamedTemporaryFile(suffix=".zip") as target:
        for chunk in services.files.read(made.file):
            target.write(chunk)
        target.flush()
        found = read_bag(Path(target.name))
    return len(found.problems), len(found.items)


def restore(folder: str) -> None:
    """Make a backup and drill."""
    from portal.archives.recovery.backup import make_backup
    from portal.archives.recovery.drill import drill

    started = time.perf_counter()
    backup, contents = make_backup(Path(folder) / "backups")
    saved = time.perf_counter() - started
    started = time.perf_counter()
    report = drill(backup, Path(folder) / "place")
    seconds = time.perf_counter() - started
    said = {
        "backup": saved,
        "drill": seconds,
        "records": report.records,
        "entries": report.entries,
        "objects": report.objects,
        "megabytes": contents.bytes / 1e6,
        "faults": [f"{fault['place']}: {fault['problem']}" for fault in report.faults[:5]],
    }
    print(json.dumps(said))


def main(arguments: list[str]) -> int:
    """Do one part, as the command line says."""
    django.setup()
    part, argument = arguments
    {"seal": seal, "fill": fill, "export": export, "restore": restore}[part](argument)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
