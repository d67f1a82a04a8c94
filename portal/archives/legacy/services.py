"""Upload, check, confirm, take over, discard. What is large is done by the worker in parts.

A batch with one problem is refused as a whole. A confirmed batch is taken over in parts, each
one transaction, and a worker that comes after a killed one goes on with the next part: no item
is left out or taken over twice. A batch of up to `PART_ROWS` items is one transaction.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import leases
from portal.archives import ledger
from portal.archives.capture import write_all
from portal.archives.legacy import checking
from portal.archives.legacy.reasons import reason_of
from portal.archives.legacy.source import LEGACY_SOURCE
from portal.archives.models import (
    LegacyBatch,
    LegacyItem,
    LegacyScan,
    LegacyState,
    PaperCopy,
    RenderStatus,
)
from portal.archives.paper.events import paper_event
from portal.archives.refusals import AlreadyHandled, NotReady
from portal.archives.spreadsheets import Problem

logger = logging.getLogger(__name__)

PART_ROWS = 500
# What is smaller is done while the archivist waits.
SMALL_BYTES = 30 * 1024 * 1024
SMALL_ROWS = 200
PROBLEMS_KEPT = 500
SAVED_TOGETHER = 500
# An upload that has no batch after this time never gets one.
STRAY_SECONDS = 24 * 60 * 60


def upload(user: Any, catalogue: UploadedFile, scans: UploadedFile) -> LegacyBatch:
    """Keep the two files and have them checked."""
    now = timezone.now()
    batch = LegacyBatch(
        catalogue_name=str(catalogue.name)[-255:],
        scans_name=str(scans.name)[-255:],
        catalogue_size=catalogue.size or 0,
        scans_size=scans.size or 0,
        uploaded_at=now,
        uploaded_by=user,
        available_at=now,
    )
    _keep(batch.path(checking.CATALOGUE), catalogue)
    _keep(batch.path(checking.SCANS), scans)
    batch.save()
    if batch.scans_size <= SMALL_BYTES:
        work_on(batch)
    return batch


def replace_catalogue(batch_id: int, user: Any, catalogue: UploadedFile) -> LegacyBatch:
    """Check a refused batch again with a corrected catalogue; its scans are kept.

    Raises:
        AlreadyHandled: the batch is not refused any more.
    """
    with transaction.atomic():
        batch = _locked(batch_id, LegacyState.REFUSED)
        _keep(batch.path(checking.CATALOGUE), catalogue)
        batch.catalogue_name = str(catalogue.name)[-255:]
        batch.catalogue_size = catalogue.size or 0
        batch.uploaded_at, batch.uploaded_by = timezone.now(), user
        batch.state = LegacyState.CHECKING
        _wait(batch)
        batch.save()
    if batch.scans_size <= SMALL_BYTES:
        work_on(batch)
    return batch


def _keep(path: str, uploaded: UploadedFile) -> None:
    """Write an uploaded file whole or not at all."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".incoming")
    with partial.open("wb") as opened:
        for chunk in uploaded.chunks():
            opened.write(chunk)
        opened.flush()
        os.fsync(opened.fileno())
    os.replace(partial, target)


def _wait(batch: LegacyBatch) -> None:
    batch.status = RenderStatus.WAITING
    batch.available_at = timezone.now()
    batch.attempts = 0
    batch.finished_at = None
    batch.last_error = ""


def _locked(batch_id: int, *states: LegacyState) -> LegacyBatch:
    """Lock a batch and refuse it when it is in no such state any more.

    Raises:
        AlreadyHandled: somebody else acted first.
    """
    batch: LegacyBatch = LegacyBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state not in states:
        raise AlreadyHandled(
            _("The catalogue “%(name)s” is “%(state)s” meanwhile. Nothing was changed by you.")
            % {"name": batch.catalogue_name, "state": batch.get_state_display()},
            [(_("Open the catalogue"), batch.get_absolute_url())],
        )
    return batch


def work_once(worker: str) -> bool:
    """Check or take over one part of what waits; False when nothing does."""
    batch = leases.take(LegacyBatch, worker)
    if batch is None:
        return False
    _work(batch)
    return True


def work_on(batch: LegacyBatch) -> None:
    """Do all the work of one small batch now, unless a worker has it already."""
    now = timezone.now()
    taken = LegacyBatch.objects.filter(pk=batch.pk, status=RenderStatus.WAITING).update(
        status=RenderStatus.LEASED,
        worker=f"request:{os.getpid()}:{batch.folder.hex[:8]}",
        attempts=1,
        lease_ends_at=now + leases.LEASE,
    )
    if taken:
        batch.refresh_from_db()
        _work(batch)
    batch.refresh_from_db()


def _work(batch: LegacyBatch) -> None:
    try:
        with leases.heartbeat(batch), override("zh-hans"):
            if batch.state == LegacyState.CHECKING:
                _check(batch)
            elif batch.state == LegacyState.IMPORTING:
                _import(batch)
            else:
                leases.close(batch, RenderStatus.DONE)
    except leases.LeaseLost:
        logger.warning("Another worker took over legacy batch %s.", batch.pk)
    except Exception as error:
        # Whatever is wrong with one batch must neither stop the worker nor be lost.
        logger.exception("Legacy batch %s failed.", batch.pk)
        leases.give_back(batch, error, reason_of(error))


# ---- Check


def _check(batch: LegacyBatch) -> None:
    def progress(done: int, of: int) -> None:
        if not leases.extend(batch):
            raise leases.LeaseLost(str(batch.pk))
        LegacyBatch.objects.filter(pk=batch.pk).update(checked_files=done, file_count=of)

    result = checking.check(batch, progress)
    with transaction.atomic():
        if result.problems:
            _close_refused(batch, result.problems, len(result.items))
            return
        leases.close(
            batch,
            RenderStatus.DONE,
            state=LegacyState.READY,
            row_count=len(result.items),
            file_count=result.files,
            checked_files=result.files,
            problems=[],
            problem_count=0,
        )
        _write_items(batch, result)


def _close_refused(batch: LegacyBatch, problems: list[Problem], rows: int) -> None:
    leases.close(
        batch,
        RenderStatus.DONE,
        state=LegacyState.REFUSED,
        row_count=rows,
        problems=[problem.as_data() for problem in problems[:PROBLEMS_KEPT]],
        problem_count=len(problems),
    )


def _write_items(batch: LegacyBatch, result: checking.Checked) -> None:
    batch.items.all().delete()
    LegacyItem.objects.bulk_create(
        [
            LegacyItem(batch=batch, row_number=item.row.number, **item.values)
            for item in result.items
        ],
        batch_size=SAVED_TOGETHER,
    )
    keys = dict(batch.items.values_list("row_number", "pk"))
    scans = checking.scans_by_key(batch)
    placed = []
    for item in result.items:
        for position, name in enumerate(item.files):
            scan = scans[checking.file_key(name)]
            scan.item_id, scan.position = keys[item.row.number], position
            placed.append(scan)
    LegacyScan.objects.bulk_update(placed, ["item", "position"], batch_size=SAVED_TOGETHER)


# ---- Confirm and discard


def confirm(batch_id: int) -> LegacyBatch:
    """Have the items of a checked batch taken over; their old codes are taken from now on.

    Raises:
        AlreadyHandled: the batch does not wait for a confirmation any more.
        NotReady: an old code was taken over from another catalogue meanwhile.
    """
    with transaction.atomic():
        batch = _locked(batch_id, LegacyState.READY)
        codes = list(batch.items.exclude(old_code="").values_list("old_code", flat=True))
        if taken := checking.taken_codes(codes):
            raise _taken(batch, taken)
        try:
            with transaction.atomic():
                batch.items.update(reserved=True)
        except IntegrityError as error:
            raise _taken(batch, set()) from error
        batch.state = LegacyState.IMPORTING
        batch.confirmed_at = timezone.now()
        _wait(batch)
        batch.save()
    if batch.row_count <= SMALL_ROWS:
        work_on(batch)
    return batch


def _taken(batch: LegacyBatch, codes: set[str]) -> NotReady:
    return NotReady(
        _("These old codes were taken over from another catalogue meanwhile: %(codes)s.")
        % {"codes": "、".join(sorted(codes)[:20]) or "—"},
        [(_("Open the catalogue"), batch.get_absolute_url())],
    )


def discard(batch_id: int) -> None:
    """Remove a batch that was not taken over, with its files; a line about it stays.

    Raises:
        AlreadyHandled: it is being checked or was taken over.
    """
    with transaction.atomic():
        batch = _locked(batch_id, LegacyState.REFUSED, LegacyState.READY)
        batch.scans.all().delete()
        batch.items.all().delete()
        batch.state = LegacyState.DISCARDED
        batch.save(update_fields=["state"])
    shutil.rmtree(Path(batch.path("")), ignore_errors=True)


def revive(batch_id: int) -> bool:
    """Give a batch that was put aside after errors a fresh start; False when it was not."""
    return bool(leases.revive(LegacyBatch.objects.filter(pk=batch_id)))


# ---- Take over


def _import(batch: LegacyBatch) -> None:
    while _import_part(batch):
        pass


@transaction.atomic
def _import_part(batch: LegacyBatch) -> bool:
    """Take over the next items; False when these were the last. All of them or none.

    Raises:
        LeaseLost: another worker has taken over.
    """
    # Row locks before the chain lock: the batch first, so that two workers never do one part.
    LegacyBatch.objects.select_for_update().get(pk=batch.pk)
    if not leases.extend(batch):
        raise leases.LeaseLost(str(batch.pk))
    items = list(batch.items.filter(record=None).order_by("row_number")[:PART_ROWS])
    records, drafts = write_all([(LEGACY_SOURCE, str(item.pk)) for item in items], "default")
    by_source = {record.source_id: record for record in records}
    papers = []
    for item in items:
        item.record = by_source[str(item.pk)]
        papers.append(
            PaperCopy(
                record=item.record,
                code=item.old_code,
                title=item.title,
                year=item.year,
                box=item.box,
                sheets=item.page_count,
                changed_at=item.record.captured_at,
            )
        )
    LegacyItem.objects.bulk_update(items, ["record"], batch_size=SAVED_TOGETHER)
    papers = [paper for paper in papers if paper.box]
    PaperCopy.objects.bulk_create(papers, batch_size=SAVED_TOGETHER)
    done = batch.items.filter(record__isnull=False).count()
    more = batch.items.filter(record=None).exists()
    if more:
        LegacyBatch.objects.filter(pk=batch.pk).update(imported_rows=done)
    else:
        leases.close(batch, RenderStatus.DONE, state=LegacyState.DONE, imported_rows=done)
    # The chain lock is taken last and once; nobody waits for it while rows are written.
    ledger.append([*drafts, *(paper_event(paper, batch.uploaded_by) for paper in papers)])
    return more


# ---- Tidy


def tidy() -> int:
    """Remove uploaded files whose records have all their files; return of how many batches."""
    tidied = 0
    kept = LegacyBatch.objects.filter(state=LegacyState.DONE, scans__file__gt="").distinct()
    for batch in kept[:20]:
        items = LegacyItem.objects.filter(batch=batch)
        if items.exclude(record__render__status=RenderStatus.DONE).exists():
            continue
        batch.scans.update(file="")
        shutil.rmtree(Path(batch.path("")), ignore_errors=True)
        tidied += 1
    _remove_strays()
    return tidied


def _remove_strays() -> None:
    """Remove folders of uploads that never became a batch, or whose batch was discarded."""
    root = Path(settings.LEGACY_ROOT)
    yesterday = time.time() - STRAY_SECONDS
    for folder in root.iterdir() if root.is_dir() else []:
        try:
            number = uuid.UUID(folder.name)
        except ValueError:
            continue
        kept = LegacyBatch.objects.filter(folder=number).exclude(state=LegacyState.DISCARDED)
        if folder.stat().st_mtime < yesterday and not kept.exists():
            shutil.rmtree(folder, ignore_errors=True)
