"""Keep what was found: one open fault for each damaged file, one ledger entry for each fault."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.archives import file_access, ledger
from portal.archives.fixity.reading import Damage
from portal.archives.models import FixityFault, FixityProblem, Record, RecordFile

logger = logging.getLogger(__name__)

DAMAGE = "fixity-damage"
REPAIR = "repair"
BY_HAND = "by hand"
GONE = "gone"


def place_of(file: RecordFile) -> str:
    """Return where a file lies below the root of the store."""
    return file_access.path_of(file).relative_to(Path(settings.ARCHIVE_ROOT)).as_posix()


@transaction.atomic
def note(file: RecordFile, damage: Damage) -> FixityFault:
    """Write down that a file is damaged; damage that is known already only changes its date."""
    # The row of the record is the queue of everybody who looks at its files.
    Record.objects.select_for_update().get(pk=file.record_id)
    now = timezone.now()
    known = FixityFault.objects.filter(file=file, closed_at=None).first()
    if known is not None:
        known.problem, known.detail, known.seen_at = damage.problem, damage.detail[:300], now
        known.save(update_fields=["problem", "detail", "seen_at"])
        return known
    fault = FixityFault.objects.create(
        file=file,
        path=place_of(file),
        problem=damage.problem,
        detail=damage.detail[:300],
        found_at=now,
        seen_at=now,
    )
    ledger.append(
        [
            ledger.Draft(
                DAMAGE,
                file.record_id,
                {
                    "record": file.record_id,
                    "at": now,
                    "role": file.role,
                    "name": file.name,
                    "sha256": file.sha256,
                    "problem": damage.problem,
                    "found": damage.detail,
                },
            )
        ]
    )
    transaction.on_commit(
        lambda: logger.error(
            "Damaged file of record %s: %s (%s).", file.record_id, fault.path, damage.problem
        )
    )
    return fault


@transaction.atomic
def close(fault: FixityFault, remedy: str) -> None:
    """Write down that a file is right again, and where its bytes came from."""
    file = fault.file
    now = timezone.now()
    if file is not None:
        Record.objects.select_for_update().get(pk=file.record_id)
    changed = FixityFault.objects.filter(pk=fault.pk, closed_at=None).update(
        closed_at=now, remedy=remedy[:100]
    )
    if not changed or file is None:
        return
    RecordFile.objects.filter(pk=file.pk).update(checked_at=now)
    ledger.append(
        [
            ledger.Draft(
                REPAIR,
                file.record_id,
                {
                    "record": file.record_id,
                    "at": now,
                    "role": file.role,
                    "name": file.name,
                    "sha256": file.sha256,
                    "source": remedy,
                },
            )
        ]
    )


def open_faults() -> int:
    """Return how many faults wait for somebody."""
    return FixityFault.objects.filter(closed_at=None).count()


def note_strays(paths: dict[str, int]) -> int:
    """Write down files that belong to no record, and close the faults of those that are gone.

    Args:
        paths: places of all strays that there are now, with their size in bytes.

    Returns how many are new.
    """
    now = timezone.now()
    known = FixityFault.objects.filter(file=None, closed_at=None)
    open_paths = dict(known.values_list("path", "pk"))
    FixityFault.objects.filter(
        pk__in=[pk for path, pk in open_paths.items() if path not in paths]
    ).update(closed_at=now, remedy=GONE)
    known.filter(path__in=[path for path in paths if path in open_paths]).update(seen_at=now)
    new = [path for path in sorted(paths) if path not in open_paths]
    FixityFault.objects.bulk_create(
        FixityFault(
            path=path[:255],
            problem=FixityProblem.STRAY,
            detail=str(paths[path]),
            found_at=now,
            seen_at=now,
        )
        for path in new
    )
    for path in new:
        logger.error("A file in the store belongs to no record: %s.", path)
    return len(new)
