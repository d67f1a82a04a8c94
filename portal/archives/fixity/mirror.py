"""The second store: every stored file is copied to another disk, in the form it lies in."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db.models import Q

from portal.archives import file_access
from portal.archives.fixity import faults
from portal.archives.fixity.copies import copy_bytes, has_its_bytes
from portal.archives.fixity.reading import damage_of
from portal.archives.models import RecordFile

PLAIN, SEALED = "plain", "sealed"
ROWS_AT_ONCE = 500


def root() -> Path | None:
    """Return the folder of the second store; None when none is configured."""
    return Path(settings.ARCHIVE_MIRROR_ROOT) if settings.ARCHIVE_MIRROR_ROOT else None


def _below(folder: Path, path: Path) -> Path:
    return folder / path.relative_to(Path(settings.ARCHIVE_ROOT))


def mirrored_path(file: RecordFile) -> Path | None:
    """Return where the second store has a file, whether or not it is there."""
    folder = root()
    return _below(folder, file_access.path_of(file)) if folder else None


def waiting() -> Q:
    """Return the condition of files that the second store lacks, or has in another form."""
    return Q(stored_at__isnull=False) & (
        Q(mirrored="") | Q(mirrored=PLAIN, sealed=True) | Q(mirrored=SEALED, sealed=False)
    )


def mirror_new() -> int:
    """Copy files that the second store lacks; return how many.

    A file is copied only after it was read and found right, so damage never spreads; what is
    damaged is named by the reading and copied once it is repaired.
    """
    folder = root()
    if folder is None:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    copied, last = 0, 0
    while True:
        batch = list(
            RecordFile.objects.filter(waiting(), pk__gt=last)
            .select_related("record")
            .order_by("pk")[:ROWS_AT_ONCE]
        )
        if not batch:
            return copied
        last = batch[-1].pk
        done: dict[str, list[int]] = {PLAIN: [], SEALED: []}
        for file in batch:
            target = _below(folder, file_access.path_of(file))
            if not target.exists() or not has_its_bytes(target, file):
                if (damage := damage_of(file)) is not None:
                    faults.note(file, damage)
                    continue
                copy_bytes(file_access.path_of(file), target, folder)
                copied += 1
            if file.mirrored and file.mirrored != (SEALED if file.sealed else PLAIN):
                _remove_other_form(folder, file)
            done[SEALED if file.sealed else PLAIN].append(file.pk)
        for form, keys in done.items():
            RecordFile.objects.filter(pk__in=keys).update(mirrored=form)


def _remove_other_form(folder: Path, file: RecordFile) -> None:
    """Remove the copy in the form that the file had before, unless another file needs it."""
    other = RecordFile(record_id=file.record_id, sha256=file.sha256, sealed=not file.sealed)
    used = RecordFile.objects.filter(sha256=file.sha256, sealed=other.sealed)
    if other.sealed:
        used = used.filter(record_id=file.record_id)
    if not used.exists():
        _below(folder, file_access.path_of(other)).unlink(missing_ok=True)
