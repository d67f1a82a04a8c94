"""Ask for packages, seal them, and try again what waits.

Whoever accepts a record asks for its package in the same transaction; the worker leases the row,
so a process that dies at any step leaves either the whole package or nothing of it. What the
archivist cannot put right (no certificate, no timestamp server, a full disk) does not use up
attempts: the package waits and the page says for what.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from typing import Any

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import override

from portal import leases
from portal.archives import file_access, ledger, store
from portal.archives.access.keys import is_sealed_level
from portal.archives.access.refusals import LevelChanged
from portal.archives.access.sealing import discard
from portal.archives.inspection import package as described
from portal.archives.inspection.contents import CHANGES, SEAL, record_events
from portal.archives.models import (
    FileRole,
    LedgerEntry,
    PackageReason,
    PackageWork,
    Record,
    RecordFile,
    RecordState,
    SealedPackage,
)
from portal.archives.packages.building import BuiltPackage, build
from portal.archives.packages.certificates import SigningCertificate, signing_certificate
from portal.archives.packages.refusals import NotSealed, SourcesNotReady
from portal.archives.packages.sources import Sources, collect
from portal.archives.packages.verification import refuse_damaged
from portal.archives.packages.wanted import want
from portal.archives.rendition import MadeFile
from portal.leases import WorkStatus

logger = logging.getLogger(__name__)

PDF = "application/pdf"
FIRST_POSITION = 2000
#: What waits for people or for another machine is looked at again after this time.
LOOK_AGAIN = datetime.timedelta(minutes=5)
#: What waits for the worker itself.
LOOK_AGAIN_SOON = datetime.timedelta(seconds=10)
WANTED_AT_ONCE = 500


def wanting() -> Any:
    """Return accepted records without a package that says what the ledger says today."""
    newest = LedgerEntry.objects.filter(record_id=OuterRef("pk"), kind__in=CHANGES)
    return (
        Record.objects.filter(state=RecordState.ACCEPTED)
        .annotate(
            basis=Max("packages__basis"),
            change=Subquery(newest.order_by("-sequence").values("sequence")[:1]),
        )
        .filter(Q(basis__isnull=True) | Q(change__gt=F("basis")))
        .exclude(package_work__status__in=(WorkStatus.WAITING, WorkStatus.LEASED))
        .exclude(package_work__status=WorkStatus.DEAD)
    )


def want_missing() -> str:
    """Ask for every package that is missing or outdated; the daily job."""
    keys = list(wanting().order_by("accepted_at").values_list("pk", flat=True))
    for start in range(0, len(keys), WANTED_AT_ONCE):
        with transaction.atomic():
            want(keys[start : start + WANTED_AT_ONCE])
    return f"{len(keys)} packages wanted"


def work_once(worker: str) -> bool:
    """Seal one package that is due; False when none is."""
    work = leases.take(PackageWork, worker)
    if work is None:
        return False
    try:
        with leases.heartbeat(work):
            _seal(work)
    except leases.LeaseLost:
        logger.warning("Another worker took over the package of record %s.", work.pk)
    except SourcesNotReady as error:
        _postpone(work, error.reason, LOOK_AGAIN_SOON)
    except NotSealed as error:
        logger.warning("The package of record %s was not sealed: %s", work.pk, error)
        if error.waits:
            _postpone(work, error.reason, LOOK_AGAIN)
        else:
            _put_aside(work, error.reason, str(error))
    except OSError as error:
        logger.warning("The package of record %s could not be stored: %s", work.pk, error)
        _postpone(work, PackageReason.DISK, LOOK_AGAIN)
    except Exception as error:
        # Whatever is wrong with one record must neither stop the worker nor be lost.
        logger.exception("The package of record %s failed.", work.pk)
        PackageWork.objects.filter(pk=work.pk).update(reason=PackageReason.OTHER)
        leases.give_back(work, error)
    return True


def _postpone(work: PackageWork, reason: str, after: datetime.timedelta) -> None:
    with transaction.atomic():
        PackageWork.objects.filter(pk=work.pk, worker=work.worker).update(reason=reason)
        leases.postpone(work, timezone.now() + after, reason)


def _put_aside(work: PackageWork, reason: str, detail: str) -> None:
    with transaction.atomic():
        leases.close(work, WorkStatus.DEAD, reason=reason, last_error=detail[:2000])


def _seal(work: PackageWork) -> None:
    """Make and keep the package of one record, or close the work where none is wanted any more.

    Raises:
        NotSealed: it cannot be sealed now.
        OSError: the store cannot be written.
        LeaseLost, LevelChanged, SealedUnreadable: as their names say.
    """
    record = Record.objects.select_related("render").get(pk=work.pk)
    if record.state != RecordState.ACCEPTED:
        with transaction.atomic():
            leases.close(work, WorkStatus.DONE, reason="")
        return
    # First, because without a certificate nothing else is worth the effort.
    certificate = signing_certificate()
    with override("zh-hans"):
        try:
            described.prepare(record)
        except described.NotReady as error:
            raise SourcesNotReady(str(error)) from error
    sources = collect(record)
    newest = SealedPackage.objects.filter(record=record).last()
    if newest is not None and newest.basis >= sources.basis:
        with transaction.atomic():
            leases.close(work, WorkStatus.DONE, reason="")
        return
    layer = newest.layer + 1 if newest is not None else 1
    built = build(sources, certificate, layer)
    refuse_damaged(built.body)
    kept = file_access.keep(record, [built.body])
    try:
        _finish(work, sources, certificate, built, kept)
    except BaseException:
        sealed = is_sealed_level(record.access_level)
        discard(record.pk, [MadeFile(FileRole.SEALED_PACKAGE, "", "", kept, sealed=sealed)])
        raise


def file_name(record: Record, layer: int) -> str:
    """Return the name of a package."""
    return f"{record.archive_code}-封装包-第{layer}层.pdf"


@transaction.atomic
def _finish(
    work: PackageWork,
    sources: Sources,
    certificate: SigningCertificate,
    built: BuiltPackage,
    kept: store.StoredBytes,
) -> None:
    """Write the rows of a package and the ledger entry that proves it, once.

    Raises:
        LeaseLost: another worker has taken over.
        LevelChanged: the stored form is not the one that the record's level asks for now.
        SourcesNotReady: what the package says changed while it was made.
    """
    record = Record.objects.select_for_update().get(pk=work.pk)
    leases.close(work, WorkStatus.DONE, reason="")
    sealed = is_sealed_level(sources.record.access_level)
    if is_sealed_level(record.access_level) != sealed:
        raise LevelChanged(str(record.pk))
    if record_events(record).newest_change != sources.basis:
        raise SourcesNotReady("What the package says changed while it was made.")
    file = RecordFile.objects.create(
        record=record,
        role=FileRole.SEALED_PACKAGE,
        position=FIRST_POSITION + built.layer,
        name=file_name(record, built.layer),
        media_type=PDF,
        format_name="PDF/A-3u",
        size=kept.size,
        sha256=kept.sha256,
        sm3=kept.sm3,
        stored_at=timezone.now(),
        sealed=sealed,
    )
    package = SealedPackage.objects.create(
        record=record,
        layer=built.layer,
        file=file,
        basis=sources.basis,
        sealed_at=built.sealed_at,
        certificate=certificate.serial,
        signer=certificate.name[:200],
        timestamped=built.timestamped,
    )
    outside = [proof.sha256 for proof in sources.files if not proof.embedded]
    payload = {**_payload(package, built), "outside": outside}
    ledger.append([ledger.Draft(SEAL, record.pk, payload)])


def _payload(package: SealedPackage, built: BuiltPackage) -> dict[str, Any]:
    """Return what the ledger keeps of a package, with all layers of the record."""
    layers = RecordFile.objects.filter(
        record_id=package.record_id, role=FileRole.SEALED_PACKAGE
    ).order_by("position")
    return {
        "record": package.record_id,
        "at": package.sealed_at,
        "layer": package.layer,
        "basis": package.basis,
        "certificate": package.certificate,
        "signer": package.signer,
        "timestamped": package.timestamped,
        "xml_sha256": built.xml_sha256,
        "files": [
            {
                "role": file.role,
                "name": file.name,
                "media_type": file.media_type,
                "size": file.size,
                "sha256": file.sha256,
                "sm3": file.sm3,
            }
            for file in layers
        ],
    }


def retry(record_id: uuid.UUID) -> bool:
    """Try again at once what waits or was put aside; False when there is no such work."""
    now = timezone.now()
    waiting = PackageWork.objects.filter(pk=record_id, status=WorkStatus.WAITING)
    revived = leases.revive(PackageWork.objects.filter(pk=record_id), reason="")
    return bool(revived or waiting.update(available_at=now))


def retry_all() -> int:
    """Try everything again that waits or was put aside; return how many."""
    waiting = PackageWork.objects.filter(status=WorkStatus.WAITING).exclude(reason="")
    moved = waiting.update(available_at=timezone.now())
    return moved + leases.revive(PackageWork.objects.all(), reason="")
