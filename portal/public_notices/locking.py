"""Lock a notice and note what happens to it."""

from __future__ import annotations

import uuid

from portal.people.models import User
from portal.public_notices.models import NoticeEvent, PublicNotice


def locked_notice(notice_id: uuid.UUID) -> PublicNotice:
    """Return a notice as it is now, locked until the end of the transaction.

    Raises:
        PublicNotice.DoesNotExist: there is none.
    """
    notices = PublicNotice.objects.select_for_update(of=("self",)).select_related("unit")
    found: PublicNotice = notices.order_by().get(pk=notice_id)
    return found


def write_event(
    notice: PublicNotice, kind: str, actor: User | None = None, note: str = ""
) -> NoticeEvent:
    """Note what happened to a notice and what its end is now."""
    return NoticeEvent.objects.create(
        notice=notice, kind=kind, actor=actor, note=note[:200], ends_on=notice.ends_on
    )
