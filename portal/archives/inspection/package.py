"""The documents of a record's package: made, stored, and proven by an entry in the ledger.

They are made when the record is first inspected and made again only after an event in the
ledger that lawfully changes what they say (a correction, the acceptance).
"""

from __future__ import annotations

import datetime

import pikepdf
from django.db import transaction
from django.utils import timezone

from portal.archives import file_access, ledger, store
from portal.archives.access.keys import is_sealed_level
from portal.archives.access.refusals import LevelChanged, SealedUnreadable
from portal.archives.access.sealing import ROUNDS, discard
from portal.archives.fixity.mirror import mirrored_path
from portal.archives.inspection.contents import PACKAGE, RecordEvents, members, record_events
from portal.archives.inspection.documents import (
    NAMES,
    catalogue_document,
    described,
    description_document,
    metadata_document,
    page_count,
    registration_document,
)
from portal.archives.models import (
    PACKAGE_ROLES,
    FileRole,
    PageCount,
    Record,
    RecordFile,
    RenderStatus,
)
from portal.archives.rendition import MadeFile

MEDIA_TYPES: dict[str, str] = {
    FileRole.METADATA: "application/xml",
    FileRole.CATALOGUE: "application/xml",
    FileRole.DESCRIPTION: "text/plain",
    FileRole.REGISTRATION: "application/xml",
}
FIRST_POSITION = 900


class NotReady(RuntimeError):
    """The files of the record are not made yet, so there is nothing to describe."""


def _pages_of_text(record: Record) -> int:
    """Return the pages of the text; 0 when it cannot be opened, which no check passes."""
    text = RecordFile.objects.filter(record=record, role=FileRole.DOCUMENT_COPY).first()
    if text is None:
        return 0
    try:
        return page_count(file_access.read(text))
    except (OSError, pikepdf.PdfError, SealedUnreadable):
        return 0


def _make(
    record: Record, events: RecordEvents, pages: int, now: datetime.datetime
) -> list[tuple[str, store.StoredBytes]]:
    content, about = members(events), described(record)
    documents = [
        (role, file_access.keep(record, [body]))
        for role, body in (
            (FileRole.METADATA.value, metadata_document(record, events, content, about, pages)),
            (FileRole.CATALOGUE.value, catalogue_document(record, content)),
            (FileRole.DESCRIPTION.value, description_document(record, events, content, about, now)),
        )
    ]
    registration = registration_document(record, events, content, documents, about)
    return [*documents, (FileRole.REGISTRATION.value, file_access.keep(record, [registration]))]


def prepare(record: Record) -> bool:
    """Make the documents of a record's package where they are missing or lawfully outdated.

    Returns whether they were made. Call it outside a transaction: it appends to the ledger.

    Raises:
        NotReady: the worker has not made the record's files.
        LevelChanged: the level of the record, or what its documents say, changed each time.
    """
    for left in reversed(range(ROUNDS)):
        try:
            return _prepare(Record.objects.select_related("render").get(pk=record.pk))
        except LevelChanged:
            if not left:
                raise
    raise AssertionError("ROUNDS is at least one")


def _prepare(record: Record) -> bool:
    """Make the documents for the record as it is now.

    Raises:
        NotReady: as for `prepare`.
        LevelChanged: the record is another than the documents were made for; nothing is kept.
    """
    if record.render.status != RenderStatus.DONE:
        raise NotReady(str(record.pk))
    events = record_events(record)
    if events.package_is_current or events.capture is None or events.rendition is None:
        # Without a readable ledger nothing can be described; the checks will say so.
        return False
    now = timezone.now()
    pages = _pages_of_text(record)
    documents = _make(record, events, pages, now)
    try:
        with transaction.atomic():
            levels = Record.objects.select_for_update().filter(pk=record.pk)
            if levels.values_list("access_level", flat=True).get() != record.access_level:
                raise LevelChanged("The level changed while the package was described.")
            events_now = record_events(record)
            if events_now.package_is_current:
                # Somebody else was quicker; nothing of this attempt may lie about in the store.
                _discard(record, documents)
                return False
            if events_now.newest_change != events.newest_change:
                raise LevelChanged("What the package says changed while it was described.")
            if pages:
                # The statistics need it too, and the text was opened for it just now.
                PageCount.objects.update_or_create(record=record, defaults={"pages": pages})
            _save(record, documents, now)
    except LevelChanged:
        _discard(record, documents)
        raise
    return True


def _save(
    record: Record, documents: list[tuple[str, store.StoredBytes]], now: datetime.datetime
) -> None:
    """Write the rows of the documents and the ledger entry that proves them."""
    old = list(record.files.filter(role__in=PACKAGE_ROLES))
    for position, (role, stored) in enumerate(documents, start=FIRST_POSITION):
        RecordFile.objects.update_or_create(
            record=record,
            role=role,
            source_object_id=None,
            defaults={
                "name": NAMES[role],
                "position": position,
                "media_type": MEDIA_TYPES[role],
                "size": stored.size,
                "sha256": stored.sha256,
                "sm3": stored.sm3,
                "stored_at": now,
                "sealed": is_sealed_level(record.access_level),
                # Other bytes than those that were read and copied before.
                "checked_at": None,
                "mirrored": "",
            },
        )
    transaction.on_commit(lambda: _remove_replaced(old))
    ledger.append(
        [
            ledger.Draft(
                PACKAGE,
                record.pk,
                {
                    "record": record.pk,
                    "made_at": now,
                    "files": [
                        {
                            "role": role,
                            "name": NAMES[role],
                            "media_type": MEDIA_TYPES[role],
                            "size": stored.size,
                            "sha256": stored.sha256,
                            "sm3": stored.sm3,
                        }
                        for role, stored in documents
                    ],
                },
            )
        ]
    )


def _remove_replaced(replaced: list[RecordFile]) -> None:
    """Remove the bytes of replaced documents, copies too; their digests stay in the ledger."""
    for file in replaced:
        if not RecordFile.objects.filter(sha256=file.sha256).exists():
            file_access.path_of(file).unlink(missing_ok=True)
            if copy := mirrored_path(file):
                copy.unlink(missing_ok=True)


def _discard(record: Record, documents: list[tuple[str, store.StoredBytes]]) -> None:
    """Remove documents that got no row, in the form in which they were made."""
    sealed = is_sealed_level(record.access_level)
    discard(record.pk, [MadeFile(role, "", "", kept, sealed=sealed) for role, kept in documents])
