"""Check a catalogue against its zip: every problem by row and column, in one go."""

from __future__ import annotations

import errno
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from portal.archives.legacy.columns import COLUMNS
from portal.archives.legacy.rows import Places, ReadItem, read_item
from portal.archives.legacy.scans import CheckedScan, Member, file_key, members, unpack
from portal.archives.models import LegacyBatch, LegacyItem, LegacyScan, Record
from portal.archives.spreadsheets import Problem, Table, read_table

MOST_ROWS = 20_000
CATALOGUE = "catalogue.xlsx"
SCANS = "scans.zip"
UNPACKED = "scans"
FILES_AT_A_TIME = 50
# Free space that must remain on the disk after unpacking.
RESERVE_BYTES = 512 * 1024 * 1024


class NoSpace(OSError):
    """The scans do not fit on the disk; the batch waits until somebody makes room."""


@dataclass
class Checked:
    """What the check found: items with their scans, or problems."""

    items: list[ReadItem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    files: int = 0


def check(batch: LegacyBatch, progress: Callable[[int, int], None]) -> Checked:
    """Check a batch; go on where a check that was killed stopped.

    Args:
        batch: its files lie in its folder.
        progress: called with how many files are checked, and of how many; may raise to stop.
    """
    result = Checked()
    table = read_table(Path(batch.path(CATALOGUE)).read_bytes(), COLUMNS, MOST_ROWS)
    result.problems += table.problems
    if not result.problems:
        places = Places.read()
        result.items = [read_item(table, row, places) for row in table.rows]
        for item in result.items:
            result.problems += item.problems
        result.problems += _repeated_codes(table, result.items)
        result.problems += _taken_codes(table, result.items)
    try:
        with zipfile.ZipFile(batch.path(SCANS)) as archive:
            found, refused = members(archive)
            result.problems += refused
            result.files = len(found)
            if table.letters and not table.problems:
                result.problems += _unmatched(table, result.items, found, refused)
            _unpack_all(batch, archive, found, table, result, progress)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
        result.problems.append(
            Problem(
                _("The file of scans is no zip, or it is cut off. Pack it again and upload it.")
            )
        )
    result.problems.sort(key=lambda problem: (problem.row is None, problem.row or 0))
    return result


def _repeated_codes(table: Table, items: list[ReadItem]) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for item in items:
        code = item.values["old_code"]
        if code and code in first:
            problems.append(
                table.problem(
                    item.row.number,
                    "old_code",
                    _("“%(code)s” stands in row %(row)d already.")
                    % {"code": code, "row": first[code]},
                )
            )
        first.setdefault(code, item.row.number)
    return problems


def taken_codes(codes: list[str]) -> set[str]:
    """Return those of the codes that an item taken over before, or a record, has already."""
    taken: set[str] = set()
    for start in range(0, len(codes), 500):
        part = codes[start : start + 500]
        taken.update(
            LegacyItem.objects.filter(old_code__in=part, reserved=True).values_list(
                "old_code", flat=True
            )
        )
        taken.update(
            Record.objects.filter(archive_code__in=part)
            .exclude(archive_code=None)
            .values_list("archive_code", flat=True)  # type: ignore[arg-type]
        )
    return taken


def _taken_codes(table: Table, items: list[ReadItem]) -> list[Problem]:
    taken = taken_codes([code for item in items if (code := item.values["old_code"])])
    return [
        table.problem(
            item.row.number,
            "old_code",
            _("“%(code)s” was taken over before.") % {"code": item.values["old_code"]},
        )
        for item in items
        if item.values["old_code"] in taken
    ]


def _unmatched(
    table: Table, items: list[ReadItem], found: list[Member], refused: list[Problem]
) -> list[Problem]:
    """Return files that are missing in the zip, extra in it, or claimed by two rows."""
    present = {member.key: member for member in found}
    claimed: dict[str, int] = {}
    problems = []
    for item in items:
        for name in item.files:
            key = file_key(name)
            if key in claimed and claimed[key] != item.row.number:
                problems.append(
                    table.problem(
                        item.row.number,
                        "files",
                        _("“%(name)s” belongs to row %(row)d already.")
                        % {"name": name, "row": claimed[key]},
                    )
                )
            elif key not in present:
                problems.append(
                    table.problem(item.row.number, "files", _missing(name, present, bool(refused)))
                )
            claimed.setdefault(key, item.row.number)
    problems += [
        Problem(
            _("“%(name)s” is in the zip, but in no row of the catalogue.")
            % {"name": member.name[:120]}
        )
        for member in found
        if member.key not in claimed
    ]
    return problems


def _missing(name: str, present: dict[str, Member], refused: bool) -> str:
    stem = file_key(name).rpartition(".")[0] or file_key(name)
    alike = next((other.name for key, other in present.items() if key.startswith(f"{stem}.")), "")
    if alike:
        return _("“%(name)s” is not in the zip; there is “%(alike)s”.") % {
            "name": name[:120],
            "alike": alike[:120],
        }
    if refused:
        return _("“%(name)s” is not among the files of the zip that may be taken.") % {
            "name": name[:120]
        }
    return _("“%(name)s” is not in the zip.") % {"name": name[:120]}


def _unpack_all(
    batch: LegacyBatch,
    archive: zipfile.ZipFile,
    found: list[Member],
    table: Table,
    result: Checked,
    progress: Callable[[int, int], None],
) -> None:
    """Unpack and check every file that was not checked before the process died.

    Raises:
        NoSpace: they would not fit on the disk.
    """
    folder = Path(batch.path(UNPACKED))
    folder.mkdir(parents=True, exist_ok=True)
    known = set(LegacyScan.objects.filter(batch=batch).values_list("name", flat=True))
    open_members = [member for member in found if member.name not in known]
    needed = sum(member.info.file_size for member in open_members)
    if shutil.disk_usage(folder).free < needed + RESERVE_BYTES:
        raise NoSpace(errno.ENOSPC, f"{needed} bytes are needed to unpack the scans")
    rows = {file_key(name): item.row.number for item in result.items for name in item.files}
    done = len(found) - len(open_members)
    waiting: list[LegacyScan] = []
    for number, member in enumerate(open_members, start=1):
        path = folder / f"{member.key.encode().hex()[-24:]}-{member.info.header_offset}"
        with path.open("w+b") as target:
            checked = unpack(archive, member, target)
        if isinstance(checked, CheckedScan):
            waiting.append(_scan(batch, member, checked, path))
        else:
            path.unlink(missing_ok=True)
            result.problems.append(_refused(table, rows, member, checked))
        if len(waiting) >= FILES_AT_A_TIME or number == len(open_members):
            LegacyScan.objects.bulk_create(waiting)
            waiting = []
            progress(done + number, len(found))


def _scan(batch: LegacyBatch, member: Member, checked: CheckedScan, path: Path) -> LegacyScan:
    return LegacyScan(
        batch=batch,
        name=member.name[-255:],
        media_type=checked.media_type,
        size=checked.size,
        sha256=checked.sha256,
        file=f"{batch.folder.hex}/{UNPACKED}/{path.name}",
    )


def _refused(table: Table, rows: dict[str, int], member: Member, reason: str) -> Problem:
    message = _("“%(name)s” in the zip: %(reason)s") % {
        "name": member.name[:120],
        "reason": reason,
    }
    row = rows.get(member.key)
    return table.problem(row, "files", message) if row else Problem(message)


def scans_by_key(batch: LegacyBatch) -> dict[str, LegacyScan]:
    """Return the checked files of a batch by what rows call them."""
    return {file_key(scan.name): scan for scan in LegacyScan.objects.filter(batch=batch)}
