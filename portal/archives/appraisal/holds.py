"""Place and lift legal holds (冻结): what is held is not destroyed, whatever was decided before."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives import ledger
from portal.archives.appraisal.events import LIFT_HOLD, PLACE_HOLD
from portal.archives.models import ArchiveClass, LegalHold, Record
from portal.archives.permissions import require_receive
from portal.archives.refusals import AlreadyHandled
from portal.organizations.models import Unit

# Any fixed number serves; it names the lock that holds and destructions wait for on PostgreSQL.
HOLDS_LOCK = 0x686F_6C64_73


@dataclass(frozen=True)
class HoldScope:
    """What a hold covers: one record, or all that have every one of the other values given."""

    record: Record | None = None
    archive_class: ArchiveClass | None = None
    unit: Unit | None = None
    year: int | None = None


def take_holds_lock() -> None:
    """Wait for everybody who places a hold or destroys a record; held to the commit.

    Taken first of all locks. SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HOLDS_LOCK])


def hold_on(record: Record, today: datetime.date | None = None) -> LegalHold | None:
    """Return a hold in force that covers a record; None when it is free."""
    day = today or timezone.localdate()
    return LegalHold.objects.in_force(day).covering(record).first()


def _event(hold: LegalHold, kind: str, by: Any, about: dict[str, Any]) -> ledger.Draft:
    """Return the event; a hold over many records stands in the ledger under its own number."""
    return ledger.Draft(
        kind,
        hold.record_id or hold.pk,
        {
            "hold": hold.pk,
            "class": hold.archive_class_id or "",
            "unit": hold.unit_id,
            "year": hold.year,
            "account": by.pk,
            "person": str(by),
            "at": timezone.now(),
            **about,
        },
    )


@transaction.atomic
def place_hold(
    by: Any, scope: HoldScope, reason: str, until: datetime.date | None = None
) -> LegalHold:
    """Place a hold; it counts from its commit, also for lists that were approved before.

    Args:
        by: the archivist.
        scope: what it covers.
        reason: who asked for it and why; kept in the ledger.
        until: the last day it is in force; None until somebody lifts it.

    Raises:
        NotArchivist: the account may not decide in the archive.
    """
    require_receive(by)
    take_holds_lock()
    hold = LegalHold.objects.create(
        record=scope.record,
        archive_class=scope.archive_class,
        unit=scope.unit,
        year=scope.year,
        reason=reason,
        placed_at=timezone.now(),
        placed_by=by,
        until=until,
    )
    ledger.append([_event(hold, PLACE_HOLD, by, {"reason": reason, "until": until})])
    return hold


@transaction.atomic
def lift_hold(hold_id: uuid.UUID, by: Any, reason: str) -> LegalHold:
    """Lift a hold; what it covered can be appraised again.

    Raises:
        NotArchivist: the account may not decide in the archive.
        AlreadyHandled: somebody lifted it before.
    """
    require_receive(by)
    take_holds_lock()
    hold: LegalHold = LegalHold.objects.select_for_update().get(pk=hold_id)
    if hold.lifted_at is not None:
        raise AlreadyHandled(
            _("%(person)s lifted this hold already.") % {"person": hold.lifted_by or "—"},
            [(_("Back to the hold"), hold.get_absolute_url())],
        )
    hold.lifted_at, hold.lifted_by, hold.lift_reason = timezone.now(), by, reason
    hold.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    ledger.append([_event(hold, LIFT_HOLD, by, {"reason": reason})])
    return hold
