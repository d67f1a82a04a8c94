"""Leased work: each record's files are made exactly once, whatever happens to a worker."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone

from portal import leases
from portal.archives import ledger
from portal.archives.access.keys import is_sealed_level
from portal.archives.access.refusals import LevelChanged
from portal.archives.access.sealing import discard
from portal.archives.models import Record, Render, RenderStatus
from portal.archives.rendition import MadeFile, make_files, save_files
from portal.archives.search import index_record

logger = logging.getLogger(__name__)

RENDITION = "rendition"


@transaction.atomic
def finish(render: Render, made: list[MadeFile]) -> None:
    """Write the files' rows and the ledger entry that proves them, once.

    Raises:
        LeaseLost: another worker has taken over.
        LevelChanged: the files have the form of another level than the record has now.
    """
    now = timezone.now()
    leases.close(render, RenderStatus.DONE, finished_at=now)
    _refuse_another_form(render)
    # The row is locked now: what enters the index is where the record belongs at the commit.
    render.record.refresh_from_db(fields=["access_level", "unit"])
    save_files(render.record, made, now)
    index_record(render.record)
    ledger.append(
        [
            ledger.Draft(
                RENDITION,
                render.record_id,
                {
                    "record": render.record_id,
                    "finished_at": now,
                    "files": [
                        {
                            "role": file.role,
                            "name": file.name,
                            "media_type": file.media_type,
                            "size": file.stored.size,
                            "sha256": file.stored.sha256,
                            "sm3": file.stored.sm3,
                        }
                        for file in made
                    ],
                },
            )
        ]
    )


def _refuse_another_form(render: Render) -> None:
    """Refuse files whose form is not that of the record's level any more.

    The row stays locked to the commit, so the level cannot change in between.

    Raises:
        LevelChanged: somebody sealed or opened the record meanwhile; its files are made again.
    """
    levels = Record.objects.select_for_update().filter(pk=render.record_id)
    now = levels.values_list("access_level", flat=True).get()
    if is_sealed_level(now) != is_sealed_level(render.record.access_level):
        raise LevelChanged("The level of the record changed while its files were made.")


def work_once(worker: str) -> bool:
    """Make the files of one record; False when nothing is due."""
    render = leases.take(Render, worker)
    if render is None:
        return False
    try:
        with leases.heartbeat(render):
            made = make_files(render.record)
        try:
            finish(render, made)
        except LevelChanged:
            discard(render.record_id, made)
            raise
    except leases.LeaseLost:
        logger.warning("Another worker took over render %s.", render.pk)
    except Exception as error:
        # Whatever is wrong with one record must neither stop the worker nor be lost.
        logger.exception("Render %s failed.", render.pk)
        leases.give_back(render, error)
    return True


def work_all(worker: str | None = None) -> int:
    """Make everything that is due now; return how many renders were tried."""
    name = worker or leases.worker_name()
    count = 0
    while work_once(name):
        count += 1
    return count
