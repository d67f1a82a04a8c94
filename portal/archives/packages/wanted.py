"""Ask for packages; apart from the sealing, so that accepting loads nothing that makes PDF."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.utils import timezone

from portal.archives.models import PackageWork
from portal.leases import WorkStatus


def want(record_ids: Iterable[uuid.UUID]) -> None:
    """Ask for the next package of records; part of the transaction that makes it necessary."""
    now = timezone.now()
    fresh = {
        "status": WorkStatus.WAITING,
        "attempts": 0,
        "available_at": now,
        "worker": "",
        "lease_ends_at": None,
        "last_error": "",
        "finished_at": None,
        "reason": "",
    }
    for record_id in record_ids:
        PackageWork.objects.update_or_create(record_id=record_id, defaults=fresh)
