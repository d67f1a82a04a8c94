"""Take a delivery whole or not at all; admit and end systems; tidy what the archive has stored.

The same delivery sent again, because an answer was lost or two requests ran at once, changes
nothing and is answered as the first was. Files are checked against their digests before
anything is written, and the record is captured in the transaction that writes the delivery.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives.attachments.formats import Format, identify
from portal.archives.capture import capture
from portal.archives.deliveries.manifest import AnnouncedFile, Manifest, read_manifest
from portal.archives.deliveries.refusals import AnotherDelivery, DeliveryProblem, DeliveryRefused
from portal.archives.models import (
    DeliveredFile,
    DeliveredRole,
    DeliveringSystem,
    Delivery,
    FlowKind,
    Record,
    RenderStatus,
)
from portal.archives.models.deliveries import token_digest
from portal.files.refusals import FileRefused
from portal.files.scanning import scan
from portal.refusals import NotPossible

SOURCE = "delivery"
CHUNK_BYTES = 1024 * 1024
#: What an archive can keep readable: texts, tables, slides, pictures, sound. No containers.
KEPT = frozenset(
    {"pdf", "ofd", "doc", "docx", "wps", "xls", "xlsx", "et", "ppt", "pptx", "dps"}
    | {"odt", "ods", "odp", "rtf", "txt", "jpg", "png", "tif", "mp3", "wav", "mp4"}
)
STRAY_SECONDS = 24 * 60 * 60
# Source: section 2 of the facts on archives: the form stands in front of a received document,
# behind a document of one's own; the text always before its attachments.
_ORDER = (DeliveredRole.MAIN, DeliveredRole.ATTACHMENT, DeliveredRole.FORM)
_ORDER_INCOMING = (DeliveredRole.FORM, DeliveredRole.MAIN, DeliveredRole.ATTACHMENT)


def receive(
    system: DeliveringSystem, text: str, uploads: Mapping[str, UploadedFile[Any]]
) -> tuple[Delivery, bool]:
    """Take a finished flow; return the delivery and whether it is new.

    Args:
        text: the manifest as JSON.
        uploads: the parts of the request that carry the files, by name.

    Raises:
        DeliveryRefused: something of it is wrong; nothing of it is kept.
        AnotherDelivery: something else came under this number before.
    """
    system.note_seen(timezone.localdate())
    manifest = read_manifest(text)
    if known := _known(system, manifest):
        return known, False
    delivery = Delivery(
        system=system,
        number=manifest.number,
        manifest_digest=manifest.digest,
        kind=manifest.kind,
        title=manifest.title,
        reference=manifest.reference,
        unit=manifest.unit,
        finished_on=manifest.finished_on,
        steps=manifest.steps,
        received_at=timezone.now(),
    )
    try:
        files = _kept_files(delivery, manifest, uploads)
        with transaction.atomic():
            delivery.save()
            DeliveredFile.objects.bulk_create(files)
            capture(SOURCE, str(delivery.pk))
    except BaseException as error:
        shutil.rmtree(_folder(delivery.folder), ignore_errors=True)
        if isinstance(error, IntegrityError) and (known := _known(system, manifest)):
            return known, False
        raise
    return delivery, True


def _known(system: DeliveringSystem, manifest: Manifest) -> Delivery | None:
    """Return the same delivery that came before.

    Raises:
        AnotherDelivery: another one did.
    """
    found = Delivery.objects.filter(system=system, number=manifest.number).first()
    if found is not None and found.manifest_digest != manifest.digest:
        raise AnotherDelivery(
            _(
                "“%(number)s” was delivered before with other content. Deliver a correction under"
                " a new number."
            )
            % {"number": manifest.number}
        )
    return found


def _folder(folder: uuid.UUID) -> Path:
    return Path(settings.DELIVERIES_ROOT) / folder.hex


def _kept_files(
    delivery: Delivery, manifest: Manifest, uploads: Mapping[str, UploadedFile[Any]]
) -> list[DeliveredFile]:
    """Write the files into the folder of the delivery, each checked against the manifest.

    Raises:
        DeliveryRefused: with everything that is wrong.
    """
    expected = {file.part for file in manifest.files}
    problems = [
        DeliveryProblem(name, _("The manifest does not name this file."))
        for name in uploads
        if name not in expected
    ]
    order = _ORDER_INCOMING if manifest.kind == FlowKind.INCOMING else _ORDER
    announced = sorted(
        manifest.files, key=lambda file: (order.index(DeliveredRole(file.role)), file.position)
    )
    _folder(delivery.folder).mkdir(parents=True)
    kept = []
    for position, file in enumerate(announced):
        upload = uploads.get(file.part)
        if upload is None:
            problems.append(DeliveryProblem(file.part, _("The file is missing.")))
            continue
        name = delivery.path(str(position))
        found = _checked(file, upload, Path(settings.DELIVERIES_ROOT) / name)
        if isinstance(found, DeliveryProblem):
            problems.append(found)
            continue
        kept.append(
            DeliveredFile(
                delivery=delivery,
                role=file.role,
                position=position,
                name=file.name,
                media_type=found.media_type or "application/octet-stream",
                size=file.size,
                sha256=file.sha256,
                file=name,
            )
        )
    if problems:
        raise DeliveryRefused(problems)
    return kept


def _checked(
    file: AnnouncedFile, upload: UploadedFile[Any], target: Path
) -> Format | DeliveryProblem:
    """Write a file; return its format, or why it is not taken."""
    digest, size = hashlib.sha256(), 0
    with target.open("w+b") as opened:
        for chunk in upload.chunks(CHUNK_BYTES):
            size += len(chunk)
            digest.update(chunk)
            opened.write(chunk)
        opened.flush()
        os.fsync(opened.fileno())
        if size != file.size or digest.hexdigest() != file.sha256:
            return DeliveryProblem(
                file.part,
                _("Size or SHA-256 differ from the manifest; the file was damaged on its way."),
            )
        return _format(file, opened)


def _format(file: AnnouncedFile, opened: IO[bytes]) -> Format | DeliveryProblem:
    opened.seek(0)
    found = identify(opened, file.name)
    if found.code not in KEPT:
        return DeliveryProblem(
            file.part,
            _("“%(name)s” is %(format)s, which the archive does not take from other systems.")
            % {"name": file.name, "format": found.name if found.code else _("something unknown")},
        )
    try:
        scan(opened, file.name)
    except FileRefused as refused:
        return DeliveryProblem(file.part, refused.messages[0])
    return found


def state_of(delivery: Delivery) -> dict[str, Any]:
    """Return where the record of a delivery stands, for the system that delivered it."""
    record = record_of(delivery)
    return {
        "number": delivery.number,
        "record": str(record.pk) if record else None,
        "state": record.state if record else None,
        "archive_code": record.archive_code if record else None,
        "received_at": delivery.received_at.isoformat(),
    }


def record_of(delivery: Delivery) -> Record | None:
    """Return the newest record of a delivery."""
    return Record.objects.of_source(SOURCE, str(delivery.pk)).first()


# ---- Systems


def admit(name: str, user: Any) -> tuple[DeliveringSystem, str]:
    """Admit a system; return it and its token, which nobody can read again.

    Raises:
        NotPossible: there is one of this name.
    """
    token = DeliveringSystem.new_token()
    try:
        with transaction.atomic():
            made = DeliveringSystem.objects.create(
                name=name,
                token_digest=token_digest(token),
                created_at=timezone.now(),
                created_by=user,
            )
    except IntegrityError as error:
        raise NotPossible(_("There is a system of this name already.")) from error
    return made, token


def end(system_id: int, user: Any) -> DeliveringSystem:
    """Take nothing more from a system; what it delivered stays. Again nothing changes."""
    with transaction.atomic():
        system = DeliveringSystem.objects.select_for_update().get(pk=system_id)
        if system.ended_at is None:
            system.ended_at, system.ended_by = timezone.now(), user
            system.save(update_fields=["ended_at", "ended_by"])
    return system


# ---- Tidy


def tidy() -> int:
    """Remove waiting bytes whose records have all their files; return of how many deliveries."""
    tidied = 0
    for delivery in Delivery.objects.filter(files__file__gt="").distinct()[:20]:
        record = Record.objects.of_source(SOURCE, str(delivery.pk)).select_related("render").first()
        if record is None or record.render.status != RenderStatus.DONE:
            continue
        delivery.files.update(file="")
        shutil.rmtree(_folder(delivery.folder), ignore_errors=True)
        tidied += 1
    _remove_strays()
    return tidied


def _remove_strays() -> None:
    """Remove folders of requests that ended before there was a delivery."""
    root, yesterday = Path(settings.DELIVERIES_ROOT), time.time() - STRAY_SECONDS
    for folder in root.iterdir() if root.is_dir() else []:
        if folder.stat().st_mtime < yesterday and not (
            DeliveredFile.objects.filter(file__startswith=f"{folder.name}/").exists()
        ):
            shutil.rmtree(folder, ignore_errors=True)
