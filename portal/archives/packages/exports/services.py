"""Order exports, make them in the worker, keep them for some days.

An export is written whole into a temporary file and only then kept, sealed, as one private file:
a worker that dies leaves nothing, and the next one begins anew. Where the disk is full it waits.
What hands over records is checked before (`transfer_checks`), some seconds at a time: for thousands
of records that takes an hour, in which other work has its turn.
"""

from __future__ import annotations

import datetime
import hashlib
import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import leases
from portal.archives import store
from portal.archives.access.refusals import SealedUnreadable
from portal.archives.models import ExportKind, PackageExport
from portal.archives.packages.exports import catalogue, csip, transfer, transfer_checks
from portal.archives.packages.exports.selection import Selection
from portal.archives.packages.exports.zips import WrongDigest
from portal.archives.packages.refusals import SourceDamaged
from portal.archives.querysets import RecordQuerySet
from portal.files import services as files
from portal.files.checking import CheckedUpload
from portal.files.models import ScanResult
from portal.files.refusals import FileRefused
from portal.leases import WorkStatus
from portal.people.models import User
from portal.refusals import NotPossible

logger = logging.getLogger(__name__)

OWNER_KIND = "archive-export"
PURPOSE = "archive-export"
DAYS_KEPT = 7
#: So many records are written between two looks of the page.
TOLD_EVERY = 25
CHECKING_SECONDS = 20
LOOK_AGAIN = datetime.timedelta(minutes=10)
STORED_TYPE = "application/octet-stream"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
Writer = Callable[[IO[bytes], Any, Callable[[int], None]], int]
#: What writes each kind that hands over the records themselves, all of them sealed.
PACKAGES: dict[str, Any] = {ExportKind.TRANSFER: transfer, ExportKind.CSIP: csip}
#: What writes each kind, its ending and its media type.
SHEETS: dict[str, tuple[Writer, str, str, str]] = {
    ExportKind.CATALOGUE_SHEET: (catalogue.catalogue_sheet, "归档文件目录", "xlsx", SHEET),
    ExportKind.CATALOGUE_PRINT: (catalogue.catalogue_print, "归档文件目录", "pdf", PDF),
    ExportKind.BOXES_SHEET: (catalogue.boxes_sheet, "盒目录", "xlsx", SHEET),
    ExportKind.BOXES_PRINT: (catalogue.boxes_print, "盒目录和备考表", "pdf", PDF),
}


def unsealed(selection: Selection, user: Any) -> int:
    """Return how many of the chosen records have no package, without which none is handed over."""
    return selection.records(user).filter(packages__isnull=True).count()


def unchecked(selection: Selection, user: Any) -> int:
    """Return how many of the chosen records are checked before a transfer."""
    return transfer_checks.unchecked(selection.records(user), timezone.now()).count()


def _require_sealed(records: RecordQuerySet) -> None:
    if missing := records.filter(packages__isnull=True).count():
        raise NotPossible(
            _(
                "%(count)d of these records are not sealed yet. Only sealed records are handed "
                "over; see the page “Sealed packages”."
            )
            % {"count": missing}
        )


def order(kind: str, selection: Selection, by: User) -> PackageExport:
    """Order an export, which the worker makes; one that this account waits for is not made twice.

    Raises:
        NotPossible: nothing or too much was chosen, or a chosen record is not sealed yet.
    """
    if selection.finds_too_many(by):
        raise NotPossible(
            _(
                "The search finds more records than it lists. Please narrow it down, for example "
                "by year."
            )
        )
    records = selection.records(by)
    count = records.count()
    if not count:
        raise NotPossible(_("There is no accepted record among what was chosen."))
    if kind in PACKAGES:
        _require_sealed(records)
    same = PackageExport.objects.filter(
        kind=kind,
        conditions=selection.conditions(),
        requested_by=by,
        status__in=(WorkStatus.WAITING, WorkStatus.LEASED),
    ).first()
    if same is not None:
        return same
    made: PackageExport = PackageExport.objects.create(
        kind=ExportKind(kind),
        conditions=selection.conditions(),
        chosen=selection.words()[:200],
        count=count,
        checks_after=transfer_checks.newest_inspection(),
        requested_by=by,
        available_at=timezone.now(),
    )
    return made


def work_once(worker: str) -> bool:
    """Go on with one export that waits; False when none does."""
    work = leases.take(PackageExport, worker)
    if work is None:
        return False
    try:
        with leases.heartbeat(work), override("zh-hans"):
            if not _check(work):
                leases.postpone(work, timezone.now(), "")
                return True
            with _temporary() as target:
                count = _write(work, target)
                _keep(work, target, count)
    except leases.LeaseLost:
        logger.warning("Another worker took over export %s.", work.pk)
    except (OSError, FileRefused) as error:
        if isinstance(error, store.MissingFile):
            _refuse(work, _("A stored file is missing: %(name)s") % {"name": error})
        else:
            logger.warning("Export %s could not be written: %s", work.pk, error)
            _say(work, _("The disk is full or cannot be written. It is tried again by itself."))
            leases.postpone(work, timezone.now() + LOOK_AGAIN, str(error)[:200])
    except (WrongDigest, SealedUnreadable, SourceDamaged, NotPossible) as error:
        logger.warning("Export %s was refused: %s", work.pk, error)
        _refuse(work, str(getattr(error, "message", error)))
    except Exception as error:
        # Whatever is wrong with one export must neither stop the worker nor be lost.
        logger.exception("Export %s failed.", work.pk)
        leases.give_back(work, error)
    return True


def _check(work: PackageExport) -> bool:
    """Check records that are to be handed over, for some seconds; return whether all are checked.

    Raises:
        NotPassed: some do not pass.
        NotPossible: one is not sealed, or its files are being made anew.
    """
    if work.kind not in PACKAGES:
        return True
    by = User.objects.get(pk=work.requested_by_id)
    records = Selection.of(work.conditions).records(by)
    # Records that were accepted meanwhile belong to the selection too.
    _require_sealed(records)
    this = transfer_checks.Round(work.requested_at, work.checks_after)
    count = records.count()
    before = count - transfer_checks.waiting(records, this).count()

    def tell(done: int) -> None:
        _say(work, "", checked=min(before + done, count))

    _say(work, "", checked=before)
    return transfer_checks.check(records, by, this, CHECKING_SECONDS, tell)


def _temporary() -> Any:
    """Return a file without a name on the disk of the private files: gone with the process."""
    folder = Path(settings.PRIVATE_FILES_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryFile(prefix="export-", dir=folder)


def _say(work: PackageExport, problem: str, **values: int) -> None:
    held = PackageExport.objects.filter(pk=work.pk, worker=work.worker)
    held.update(problem=problem[:300], **values)


def _refuse(work: PackageExport, problem: str) -> None:
    """Put an export aside that will not come out differently next time."""
    with transaction.atomic():
        leases.close(work, WorkStatus.DEAD, problem=problem[:300], last_error=problem[:2000])


def _progress(work: PackageExport) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if done % TOLD_EVERY == 0:
            _say(work, "", done=done)

    return tell


def package_name(work: PackageExport) -> str:
    """Return the name of a transfer package, which every system can have as a folder."""
    selection = Selection.of(work.conditions)
    parts = [
        selection.fonds or "all",
        str(selection.year or ""),
        selection.period,
        slugify(selection.class_code),
    ]
    day = timezone.localtime(work.requested_at)
    return "-".join([*(part for part in parts if part), f"{day:%Y%m%d}", str(work.pk)])


def _write(work: PackageExport, target: IO[bytes]) -> int:
    by = User.objects.get(pk=work.requested_by_id)
    records = Selection.of(work.conditions).records(by)
    if work.kind in PACKAGES:
        writer = PACKAGES[work.kind]
        return int(writer.write(target, package_name(work), records, _progress(work)))
    return SHEETS[work.kind][0](target, records, _progress(work))


def _file_name(work: PackageExport) -> str:
    if work.kind in PACKAGES:
        return f"{package_name(work)}.zip"
    _writer, name, ending, _media_type = SHEETS[work.kind]
    return f"{name}-{package_name(work)}.{ending}"


def media_type_of(work: PackageExport) -> str:
    """Return the media type of what was made."""
    return "application/zip" if work.kind in PACKAGES else SHEETS[work.kind][3]


def _keep(work: PackageExport, target: IO[bytes], count: int) -> None:
    """Keep a finished export, once.

    Raises:
        LeaseLost: another worker has taken over; nothing is kept of this one.
    """
    target.flush()
    size = target.seek(0, os.SEEK_END)
    target.seek(0)
    digest = hashlib.sha256()
    for chunk in iter(lambda: target.read(store.CHUNK_BYTES), b""):
        digest.update(chunk)
    made = CheckedUpload(
        name=_file_name(work),
        # The name of Excel's format is longer than what private files keep; `media_type_of` has it.
        media_type=STORED_TYPE,
        size=size,
        sha256=digest.hexdigest(),
        received_sha256=digest.hexdigest(),
        scan=ScanResult.NOT_SCANNED,
        file=target,
    )
    # Without an owner until the next step; what a lost lease leaves is swept as unclaimed.
    stored = files.receive(made, user=None, purpose=PURPOSE)
    with transaction.atomic():
        leases.close(work, WorkStatus.DONE, file=stored, done=count, count=count, problem="")
        files.claim([stored], OWNER_KIND, str(work.pk))


def try_again(work: PackageExport) -> bool:
    """Let the worker try an export anew that was put aside; False when it was not."""
    newest = transfer_checks.newest_inspection()
    fresh = {"done": 0, "checked": 0, "checks_after": newest, "problem": ""}
    return bool(leases.revive(PackageExport.objects.filter(pk=work.pk), **fresh))


def forget_old() -> str:
    """Forget exports that were ordered some days ago; return a line for the log."""
    before = timezone.now() - datetime.timedelta(days=DAYS_KEPT)
    old = PackageExport.objects.filter(requested_at__lt=before, file__isnull=False)
    keys = list(old.values_list("pk", flat=True))
    for key in keys:
        with transaction.atomic():
            PackageExport.objects.filter(pk=key).update(file=None)
            files.remove_of(OWNER_KIND, str(key))
    return f"{len(keys)} exports forgotten"
