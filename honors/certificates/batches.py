"""Many certificates at once: ordered by the office, drawn by the worker in parts, fetched as one.

A part holds some sheets, so that fonts are embedded once for all of them, several workers share a
batch, and a worker that dies loses only its part.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import logging
import tempfile
from dataclasses import dataclass
from typing import IO, Any

import pikepdf
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from honors.certificates.document import certificates_pdf, plates_pdf
from honors.models import (
    Award,
    AwardChange,
    CertificateBatch,
    CertificatePart,
    ChangeOutcome,
    SheetKind,
)
from portal import leases
from portal.files import services as files
from portal.files.checking import CheckedUpload
from portal.files.models import ScanResult
from portal.leases import WorkStatus
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible

logger = logging.getLogger(__name__)

OWNER_KIND = "honor-certificates"
SHEETS_OF_A_PART = 20
MOST_SHEETS = 5_000
#: A batch can be ordered again at any time, so finished ones are not kept for long.
DAYS_KEPT = 7
PDF = "application/pdf"


@transaction.atomic
def order(kind: str, awards: Any, chosen: str, by: User) -> CertificateBatch:
    """Order the sheets of awards; the worker draws them.

    Args:
        awards: a set of awards, in the order of the sheets; only those that count are drawn.
        chosen: what was chosen, in words.

    Raises:
        NotPossible: there is none, or there are too many.
    """
    rows = awards.counting()
    if kind == SheetKind.PLATES:
        rows = rows.filter(title__has_plate=True)
    keys = list(rows.values_list("pk", flat=True)[: MOST_SHEETS + 1])
    if not keys:
        raise NotPossible(_("There is nothing to draw among what was chosen."))
    if len(keys) > MOST_SHEETS:
        raise NotPossible(
            _("More than %(most)d sheets were chosen. Please choose a year or a title.")
            % {"most": MOST_SHEETS}
        )
    batch = CertificateBatch.objects.create(
        kind=kind, chosen=chosen[:200], count=len(keys), requested_by=by
    )
    now = timezone.now()
    CertificatePart.objects.bulk_create(
        CertificatePart(
            batch=batch,
            position=position,
            award_ids=keys[start : start + SHEETS_OF_A_PART],
            count=len(keys[start : start + SHEETS_OF_A_PART]),
            available_at=now,
        )
        for position, start in enumerate(range(0, len(keys), SHEETS_OF_A_PART))
    )
    return batch


@dataclass(frozen=True)
class Progress:
    """How far a batch has come, in sheets."""

    done: int
    failed: int
    count: int

    @property
    def is_finished(self) -> bool:
        """Whether every sheet is drawn."""
        return self.done == self.count

    @property
    def is_stuck(self) -> bool:
        """Whether nothing is drawn any more, because parts failed."""
        return self.failed > 0 and self.done + self.failed == self.count


def progress_of(batch: CertificateBatch) -> Progress:
    """Return how far a batch has come, by one query."""
    found = CertificatePart.objects.filter(batch=batch).aggregate(
        done=Sum("count", filter=Q(status=WorkStatus.DONE)),
        failed=Sum("count", filter=Q(status=WorkStatus.DEAD)),
    )
    return Progress(found["done"] or 0, found["failed"] or 0, batch.count)


def with_progress(batches: Any) -> Any:
    """Add to batches how many of their sheets are drawn."""
    return batches.annotate(
        done=Sum("parts__count", filter=Q(parts__status=WorkStatus.DONE), default=0),
        dead=Count("parts", filter=Q(parts__status=WorkStatus.DEAD)),
    ).order_by("-pk")


def try_again(batch: CertificateBatch) -> int:
    """Let the worker try failed parts anew; return how many there are."""
    return leases.revive(CertificatePart.objects.filter(batch=batch))


def work_once(worker: str) -> bool:
    """Draw one part that waits; False when none does."""
    part = leases.take(CertificatePart, worker)
    if part is None:
        return False
    try:
        with leases.heartbeat(part):
            body = _drawn(part)
        _keep(part, body)
    except leases.LeaseLost:
        logger.info("Another worker took over part %s of a batch of certificates.", part.pk)
    except Exception as error:
        logger.exception("Part %s of a batch of certificates failed.", part.pk)
        leases.give_back(part, error)
    return True


def _drawn(part: CertificatePart) -> bytes:
    found = {award.pk: award for award in Award.objects.filter(pk__in=part.award_ids)}
    awards = [found[key] for key in part.award_ids]
    plates = CertificateBatch.objects.get(pk=part.batch_id).kind == SheetKind.PLATES
    return plates_pdf(awards) if plates else certificates_pdf(awards)


def _keep(part: CertificatePart, body: bytes) -> None:
    digest = hashlib.sha256(body).hexdigest()
    made = CheckedUpload(
        name=f"certificates-{part.position + 1:04d}.pdf",
        media_type=PDF,
        size=len(body),
        sha256=digest,
        received_sha256=digest,
        scan=ScanResult.NOT_SCANNED,
        file=io.BytesIO(body),
    )
    stored = files.receive(made, user=None, purpose="certificates")
    with transaction.atomic():
        leases.close(part, WorkStatus.DONE, file=stored)
        files.claim([stored], OWNER_KIND, str(part.pk))


def _changed_since(batch: CertificateBatch, parts: list[CertificatePart]) -> bool:
    """Whether an award of a batch was suspended or revoked after its sheet was drawn."""
    keys = [key for part in parts for key in part.award_ids]
    first = min((part.finished_at for part in parts if part.finished_at), default=None)
    changed = AwardChange.objects.filter(
        outcome=ChangeOutcome.CONFIRMED, answered_at__gte=first or batch.requested_at
    )
    return any(key in set(keys) for key in changed.values_list("award_id", flat=True))


def finished_pdf(batch: CertificateBatch) -> IO[bytes]:
    """Return the sheets of a finished batch as one PDF, an open temporary file.

    Raises:
        ChangedMeanwhile: it is not finished, was forgotten, or an award changed meanwhile.
    """
    parts = list(
        CertificatePart.objects.filter(batch=batch).select_related("file").order_by("position")
    )
    if not parts or any(part.status != WorkStatus.DONE or part.file is None for part in parts):
        raise ChangedMeanwhile(_("The sheets are not finished yet. Please wait a moment."))
    if _changed_since(batch, parts):
        raise ChangedMeanwhile(
            _("An honor of this batch was changed after its sheet was drawn. Please order again.")
        )
    target = tempfile.TemporaryFile(prefix="certificates-")  # noqa: SIM115  the response closes it
    with pikepdf.new() as whole:
        opened = []
        for part in parts:
            source = pikepdf.open(io.BytesIO(b"".join(files.read(part.file))))
            opened.append(source)
            whole.pages.extend(source.pages)
        whole.save(target)
        for source in opened:
            source.close()
    target.seek(0)
    return target


def forget_old() -> str:
    """Forget batches that were ordered some days ago; return a line for the log."""
    before = timezone.now() - datetime.timedelta(days=DAYS_KEPT)
    count = 0
    for batch in CertificateBatch.objects.filter(requested_at__lt=before):
        with transaction.atomic():
            for key in CertificatePart.objects.filter(batch=batch).values_list("pk", flat=True):
                files.remove_of(OWNER_KIND, str(key))
            batch.delete()
        count += 1
    return f"{count} batches of certificates forgotten"
