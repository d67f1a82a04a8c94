"""The end of a notice: when it has run its days and nobody's objection is open."""

from __future__ import annotations

import datetime
import logging
import uuid

from django.db import transaction
from django.utils import timezone

from portal.people.models import User
from portal.public_notices.locking import locked_notice, write_event
from portal.public_notices.models import (
    NoticeEvent,
    NoticeState,
    Objection,
    PublicNotice,
)
from portal.public_notices.owners import lock_owner, notice_owner

logger = logging.getLogger(__name__)


def _newest_notice(owner_kind: str, owner_id: str) -> PublicNotice | None:
    """Return the notice that counts for an owner, locked when a transaction runs.

    A notice that was called off stands for nothing; a draft was never seen.
    """
    notices = PublicNotice.objects.of_owner(owner_kind, owner_id).exclude(
        state__in=[NoticeState.DRAFT, NoticeState.CANCELLED]
    )
    if transaction.get_connection().in_atomic_block:
        notices = notices.select_for_update(of=("self",))
    found: PublicNotice | None = notices.order_by("-starts_on", "-pk").first()
    return found


def _has_run(notice: PublicNotice, today: datetime.date) -> bool:
    if notice.state == NoticeState.ENDED:
        return True
    return (
        notice.state == NoticeState.RUNNING
        and notice.ends_on is not None
        and notice.ends_on < today
    )


def is_over(owner_kind: str, owner_id: str, today: datetime.date | None = None) -> bool:
    """Whether the owner may go on: its notice has run its days and no objection is open.

    Ask inside the transaction that goes on: the notice is locked until its commit, an objection
    that is just being written is waited for and counts, and no other can come in any more.

    Args:
        owner_kind: the kind of what the notice is about.
        owner_id: its key.
        today: the day, in Shanghai; the last day of the notice still belongs to it.
    """
    notice = _newest_notice(owner_kind, owner_id)
    if notice is None or not _has_run(notice, today or timezone.localdate()):
        return False
    # Asked after the lock, so that what was being written meanwhile is seen.
    return not Objection.objects.of_owner(owner_kind, owner_id).open().exists()


def close(
    notice: PublicNotice,
    state: NoticeState,
    actor: User | None,
    note: str,
    today: datetime.date,
) -> None:
    """Write that a locked notice has ended or was called off; its pauses end with it."""
    for pause in notice.pauses.filter(last_on=None):
        pause.last_on = max(today, pause.first_on)
        pause.save(update_fields=["last_on"])
    notice.state, notice.closed_on = state, today
    if state == NoticeState.CANCELLED:
        notice.ends_on = min(notice.ends_on or today, today)
    notice.save(update_fields=["state", "closed_on", "ends_on"])
    ended = state == NoticeState.ENDED
    write_event(
        notice, NoticeEvent.Kind.ENDED if ended else NoticeEvent.Kind.CANCELLED, actor, note
    )


@transaction.atomic
def end_if_over(notice_id: uuid.UUID, today: datetime.date) -> bool:
    """End one notice that has run its days, and tell its owner; say whether it ended."""
    notice = PublicNotice.objects.get(pk=notice_id)
    lock_owner(notice.owner_kind, notice.owner_id)
    notice = locked_notice(notice_id)
    if notice.state != NoticeState.RUNNING or not _has_run(notice, today):
        return False
    # A clock that counts wrong must not be enough: the objections are asked themselves.
    if Objection.objects.of_owner(notice.owner_kind, notice.owner_id).open().exists():
        return False
    close(notice, NoticeState.ENDED, None, "", today)
    owner = notice_owner(notice.owner_kind)
    if owner is not None:
        owner.on_over(notice)
    return True


def end_due_notices(today: datetime.date | None = None) -> str:
    """End every notice whose last day has passed; the daily job.

    One that fails, in its owner's callback for example, is tried again by the next run and does
    not keep the others waiting.

    Returns:
        A line for the log.
    """
    day = today or timezone.localdate()
    ended = failed = 0
    for notice_id in list(PublicNotice.objects.due(day).values_list("pk", flat=True)):
        try:
            ended += end_if_over(notice_id, day)
        except Exception:
            failed += 1
            logger.exception("The public notice %s could not be ended.", notice_id)
    return f"{ended} public notices ended, {failed} failed"
