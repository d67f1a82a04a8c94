"""The four-property checks of a transfer (移交与接收, YJ): nothing is handed over without them.

Source: DA/T 70-2018, which has every check run again on what is transferred. A record that
passed since its package was sealed and within TRANSFER_CHECK_DAYS is not checked twice.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives.inspection.package import NotReady
from portal.archives.inspection.services import inspect
from portal.archives.models import Inspection, InspectionStage, SealedPackage
from portal.archives.models.inspections import Verdict
from portal.archives.packages.exports.selection import in_batches
from portal.archives.querysets import RecordQuerySet
from portal.refusals import NotPossible

#: So many records that did not pass are named; the page of the checks has all of them.
MOST_NAMED = 3
Progress = Callable[[int], None]


class NotPassed(NotPossible):
    """Records do not pass the checks of a transfer; the message names some of them."""


def _transfer_checks(since: datetime.datetime) -> Any:
    """Return the checks of a transfer of the outer record since a moment and since its sealing."""
    sealed = SealedPackage.objects.filter(record=OuterRef("record")).order_by("-layer")
    return (
        Inspection.objects.filter(
            record=OuterRef("pk"), stage=InspectionStage.TRANSFER, inspected_at__gte=since
        )
        .filter(inspected_at__gte=Subquery(sealed.values("sealed_at")[:1]))
        .order_by()
    )


def unchecked(records: RecordQuerySet) -> RecordQuerySet:
    """Return which of sealed records have not passed the checks of a transfer of late.

    What did not pass any check afterwards has to pass again.
    """
    since = timezone.now() - datetime.timedelta(days=settings.TRANSFER_CHECK_DAYS)
    later = Inspection.objects.filter(
        record=OuterRef("record"), pk__gt=OuterRef("pk"), verdict=Verdict.FAIL
    )
    passed = _transfer_checks(since).filter(~Exists(later), verdict=Verdict.PASS)
    return records.filter(~Exists(passed))


def check(
    records: RecordQuerySet,
    user: Any,
    since: datetime.datetime,
    seconds: float,
    progress: Progress,
) -> bool:
    """Check for some time what is not checked yet; return whether everything was.

    Args:
        records: sealed records.
        user: who ordered the transfer.
        since: a record that did not pass from then on is not tried again.
        seconds: how long records are begun; what is left is for the next call.
        progress: is told how many more records were checked.

    Raises:
        NotPassed: everything was checked and some records did not pass.
        NotPossible: the files of a record are being made anew.
        LevelChanged: a record changed its level again and again meanwhile.
    """
    ends = time.monotonic() + seconds
    to_do = unchecked(records).filter(~Exists(_transfer_checks(since)))
    for done, record in enumerate(in_batches(to_do), 1):
        try:
            inspect(record, InspectionStage.TRANSFER, user)
        except NotReady as error:
            raise NotPossible(
                _("The files of “%(title)s” are being made anew. Please try again in some minutes.")
                % {"title": record.title}
            ) from error
        progress(done)
        if time.monotonic() >= ends:
            return False
    _all_passed(records)
    return True


def _all_passed(records: RecordQuerySet) -> None:
    failed = unchecked(records)
    count = failed.count()
    if not count:
        return
    named = "、".join(record.archive_code or record.title for record in failed[:MOST_NAMED])
    raise NotPassed(
        _(
            "%(count)d of these records do not pass the four-property checks of a transfer "
            "(%(named)s). Put them right, then try again."
        )
        % {"count": count, "named": named}
    )


def passed_check(package: SealedPackage) -> Inspection:
    """Return the check of a transfer that a record passed since its package was sealed.

    Raises:
        NotPassed: its newest one was not passed, or there is none.
    """
    record = package.record
    newest = Inspection.objects.filter(
        record=record, stage=InspectionStage.TRANSFER, inspected_at__gte=package.sealed_at
    ).first()
    if newest is None or not newest.passed:
        raise NotPassed(
            _("“%(title)s” has not passed the four-property checks of a transfer yet.")
            % {"title": record.title}
        )
    return newest
