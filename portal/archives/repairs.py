"""Give back what can be given back beyond doubt; everything else stays a fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist

from portal import leases
from portal.archives import file_access, store
from portal.archives.access.refusals import SealBroken, SealedUnreadable
from portal.archives.access.vault import vault_of
from portal.archives.models import RecordFile, Render, RenderStatus
from portal.archives.rendition import original_chunks


@dataclass(frozen=True)
class Repair:
    """One thing that was put right, named by its place."""

    place: str
    done: str


def _needs_its_bytes(file: RecordFile) -> bool:
    """Whether the store should hold the bytes of a cited file and has others or none."""
    try:
        return file_access.digests(file).sha256 != file.sha256
    except store.MissingFile:
        # Before the worker copied it, a cited file lies in the library only.
        return file.stored_at is not None
    except SealBroken:
        return True
    except SealedUnreadable:
        # Without its key, other bytes could not be sealed either; the fault stays.
        return False


def _restore(file: RecordFile) -> bool:
    """Copy an original again if the library still has the very bytes that were published."""
    try:
        if store.digests(original_chunks(file)).sha256 != file.sha256:
            return False
        vault = file_access.vault_for(file) if file.stored_at else vault_of(file.record)
        return vault.put(original_chunks(file)).sha256 == file.sha256
    except (LookupError, ObjectDoesNotExist, OSError):
        # Gone from the library, or unreadable there: the fault stays, and is reported.
        return False


def restored_originals() -> Iterator[Repair]:
    """Copy cited files whose stored bytes are missing or damaged from the library again.

    Bytes are stored under their own digest, so nothing wrong can take a file's place.
    """
    cited = RecordFile.objects.filter(source_object_id__isnull=False).select_related("record")
    for file in cited.order_by("pk").iterator(200):
        if _needs_its_bytes(file) and _restore(file):
            yield Repair(f"file:{file.record_id}:{file.name}", "copied from the library again")


def revived_renders() -> Iterator[Repair]:
    """Give every render that was put aside a fresh start; the worker takes it next."""
    for render in Render.objects.filter(status=RenderStatus.DEAD).order_by("pk"):
        leases.revive(Render.objects.filter(pk=render.pk))
        yield Repair(f"record:{render.pk}", "its files will be made again")


def all_repairs() -> Iterator[Repair]:
    """Repair what can be repaired; originals first, because renders need them."""
    yield from restored_originals()
    yield from revived_renders()
