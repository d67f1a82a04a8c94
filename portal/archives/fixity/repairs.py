"""Put the right bytes back, from the second store or from the library, never others."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import F
from django.utils import timezone

from portal.archives import file_access, store
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.fixity import faults
from portal.archives.fixity.copies import copy_bytes, has_its_bytes
from portal.archives.fixity.mirror import mirrored_path
from portal.archives.fixity.reading import damage_of
from portal.archives.models import FixityFault, FixityProblem, RecordFile, RepairOrder
from portal.archives.rendition import original_chunks

FROM_MIRROR = "second store"
FROM_LIBRARY = "library"


def _from_mirror(file: RecordFile) -> bool:
    copy = mirrored_path(file)
    if copy is None or not has_its_bytes(copy, file):
        return False
    copy_bytes(copy, file_access.path_of(file), Path(settings.ARCHIVE_ROOT))
    return True


def _from_library(file: RecordFile) -> bool:
    if file.source_object_id is None:
        return False
    try:
        if store.digests(original_chunks(file)).sha256 != file.sha256:
            return False
        return file_access.vault_for(file).put(original_chunks(file)).sha256 == file.sha256
    except (LookupError, ObjectDoesNotExist, SealedUnreadable):
        return False


def repair(fault: FixityFault) -> bool:
    """Put a damaged file right and close its fault; False when nothing has its bytes.

    A file that is right meanwhile closes its fault as well.
    """
    file = fault.file
    if file is None or fault.problem == FixityProblem.STRAY:
        return False
    if damage_of(file) is None:
        faults.close(fault, faults.BY_HAND)
        return True
    for source, attempt in ((FROM_MIRROR, _from_mirror), (FROM_LIBRARY, _from_library)):
        try:
            done = attempt(file) and damage_of(file) is None
        except OSError:
            faults.logger.exception("Repairing %s from the %s failed.", fault.path, source)
            continue
        if done:
            faults.close(fault, source)
            faults.logger.warning("%s was repaired from the %s.", fault.path, source)
            return True
    return False


def repair_all(limit: int = 200) -> int:
    """Try every open fault, the oldest first; return how many files are right again."""
    waiting = FixityFault.objects.filter(closed_at=None, file__isnull=False)
    return sum(
        repair(fault)
        for fault in waiting.select_related("file__record").order_by("found_at")[:limit]
    )


def order(by: Any) -> bool:
    """Ask the worker to try every open fault; False when it has been asked already."""
    if RepairOrder.objects.filter(finished_at=None).exists():
        return False
    RepairOrder.objects.create(ordered_at=timezone.now(), ordered_by=by)
    return True


def work_ordered(seconds: float) -> None:
    """Do what was ordered, fault by fault; what is left after the time goes on the next time.

    Two workers at it do no harm: a file that is right already is left alone.
    """
    began = time.monotonic()
    waiting = RepairOrder.objects.filter(finished_at=None).order_by("pk").first()
    while waiting is not None and time.monotonic() - began < seconds:
        fault = (
            FixityFault.objects.filter(
                closed_at=None, file__isnull=False, pk__gt=waiting.last_fault
            )
            .select_related("file__record")
            .order_by("pk")
            .first()
        )
        mine = RepairOrder.objects.filter(pk=waiting.pk)
        if fault is None:
            mine.update(finished_at=timezone.now())
            return
        waiting.last_fault = fault.pk
        mine.update(last_fault=fault.pk)
        if repair(fault):
            mine.update(repaired=F("repaired") + 1)
