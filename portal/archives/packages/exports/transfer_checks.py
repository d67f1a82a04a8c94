"""The four-property checks of a transfer (移交与接收, YJ): nothing is handed over without them.

Source: DA/T 70-2018, which has every check run again on what is transferred. A record that
passed with its newest package and within TRANSFER_CHECK_DAYS is not checked twice.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Subquery
from django.utils.translation import gettext as _

from portal.archives.inspection.package import NotReady
from portal.archives.inspection.services import inspect
from portal.archives.models import Inspection, InspectionStage, SealedPackage, Verdict
from portal.archives.packages.exports.selection import in_batches
from portal.archives.querysets import RecordQuerySet
from portal.refusals import NotPossible

#: So many records that did not pass are named; the page of the checks has all of them.
MOST_NAMED = 3
Progress = Callable[[int], None]


class NotPassed(NotPossible):
    """Records do not pass the checks of a transfer; the message names some of them."""


@dataclass(frozen=True)
class Round:
    """Which checks count for one transfer.

    Attributes:
        ordered_at: the age of checks is counted back from here, so that none becomes too old
            while the others are made.
        after: number of the newest inspection when the transfer was ordered or tried again; what
            was checked later is not checked once more. Numbers, because clocks are set back.
    """

    ordered_at: datetime.datetime
    after: int


def newest_inspection() -> int:
    """Return the number of the newest inspection, 0 without any."""
    return int(Inspection.objects.aggregate(newest=Max("pk"))["newest"] or 0)


def _of_newest_package() -> Any:
    """Return the checks of a transfer of the outer record that saw its newest package."""
    packages = SealedPackage.objects.filter(record=OuterRef("record")).order_by("-layer")
    return Inspection.objects.filter(
        record=OuterRef("pk"),
        stage=InspectionStage.TRANSFER,
        layer=Subquery(packages.values("layer")[:1]),
    ).order_by()


def unchecked(records: RecordQuerySet, ordered_at: datetime.datetime) -> RecordQuerySet:
    """Return which of sealed records have not passed the checks of a transfer of late.

    What did not pass any check afterwards has to pass again.
    """
    since = ordered_at - datetime.timedelta(days=settings.TRANSFER_CHECK_DAYS)
    later = Inspection.objects.filter(
        record=OuterRef("record"), pk__gt=OuterRef("pk"), verdict=Verdict.FAIL
    )
    passed = _of_newest_package().filter(
        ~Exists(later), verdict=Verdict.PASS, inspected_at__gte=since
    )
    return records.filter(~Exists(passed))


def waiting(records: RecordQuerySet, this: Round) -> RecordQuerySet:
    """Return which of sealed records are still to be checked in this round."""
    tried = _of_newest_package().filter(pk__gt=this.after)
    return unchecked(records, this.ordered_at).filter(~Exists(tried))


def check(
    records: RecordQuerySet, user: Any, this: Round, seconds: float, progress: Progress
) -> bool:
    """Check for some time what is not checked yet; return whether everything was.

    Args:
        records: sealed records.
        user: who ordered the transfer.
        seconds: how long records are begun; what is left is for the next call.
        progress: is told how many more records were checked.

    Raises:
        NotPassed: everything was checked and some records did not pass.
        NotPossible: the files of a record are being made anew.
        LevelChanged: a record changed its level again and again meanwhile.
    """
    ends = time.monotonic() + seconds
    for done, record in enumerate(in_batches(waiting(records, this)), 1):
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
    if waiting(records, this).exists():
        # Accepted or sealed anew while the others were checked.
        return False
    _all_passed(unchecked(records, this.ordered_at))
    return True


def _all_passed(failed: RecordQuerySet) -> None:
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
    """Return the check of a transfer that a record passed with its newest package.

    Raises:
        NotPassed: there is none, or a later check of any kind was not passed.
    """
    record = package.record
    checks = Inspection.objects.filter(record=record)
    passed = checks.filter(
        stage=InspectionStage.TRANSFER, layer=package.layer, verdict=Verdict.PASS
    ).first()
    if passed is None or checks.filter(pk__gt=passed.pk, verdict=Verdict.FAIL).exists():
        raise NotPassed(
            _("“%(title)s” has not passed the four-property checks of a transfer yet.")
            % {"title": record.title}
        )
    return passed
