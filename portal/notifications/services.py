"""Tell people something, and let them read it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from portal import leases
from portal.notifications.messages import MessageKind, message_kind
from portal.notifications.models import EVENT_KEY_LENGTH, URL_LENGTH, Channel, Message, Outbox
from portal.notifications.recipients import Reach, Recipient, reaches
from portal.notifications.settings import hours
from portal.personal_data.masking import masked_phone

IN_SITE = "in-site"
ROWS_AT_ONCE = 500
UNREAD_KEPT_SECONDS = 30

__all__ = ["Recipient", "mark_all_read", "mark_read", "notify", "try_again", "unread_count"]


@transaction.atomic
def notify(
    code: str,
    recipients: Iterable[Recipient],
    variables: Mapping[str, Any],
    *,
    event_key: str,
    url: str = "",
    sensitive: bool = False,
) -> None:
    """Tell people something, as part of the transaction that made it true.

    Only rows are written: what is in the portal can be read after the commit, and the worker
    sends the rest. No server outside can hold up or undo the transaction. The same event tells
    the same person once on each channel, however often this is called.

    Args:
        code: a message registered with `register_message`.
        recipients: whom; the same human in two guises is told once.
        variables: exactly those that the message declares.
        event_key: what happened, once in the life of the portal, such as "case:…:7".
        url: an address inside the portal, beginning with one slash and without a secret.
        sensitive: say outside the portal only that there is news, also where the message itself
            could say more.

    Raises:
        UnknownMessage: the code is not registered.
        WrongValues: the values are not those that the message declares.
        ValueError: the key or the address cannot be used.
    """
    kind = message_kind(code)
    stored = kind.stored(variables)
    if not 0 < len(event_key) <= EVENT_KEY_LENGTH:
        raise ValueError(f"An event key has 1 to {EVENT_KEY_LENGTH} characters.")
    if url and (not url.startswith("/") or url.startswith("//") or len(url) > URL_LENGTH):
        raise ValueError("A message leads to an address inside the portal.")
    now = timezone.now()
    common = {"code": code, "variables": stored, "url": url, "event_key": event_key}
    found = reaches(recipients)
    if IN_SITE in settings.NOTIFICATION_CHANNELS:
        Message.objects.bulk_create(
            [
                Message(user_id=reach.user_id, created_at=now, **common)
                for reach in found
                if reach.user_id
            ],
            batch_size=ROWS_AT_ONCE,
            ignore_conflicts=True,
        )
        _forget_unread(reach.user_id for reach in found if reach.user_id)
    Outbox.objects.bulk_create(
        [
            Outbox(
                channel=channel,
                recipient=reach.key,
                user_id=reach.user_id,
                person_id=reach.person_id,
                address=address,
                masked_address=_masked(channel, address),
                sensitive=sensitive,
                created_at=now,
                available_at=_first_moment(channel, now),
                **common,
            )
            for reach in found
            for channel, address in _ways_out(kind, reach)
        ],
        batch_size=ROWS_AT_ONCE,
        ignore_conflicts=True,
    )


def _ways_out(kind: MessageKind, reach: Reach) -> list[tuple[str, str]]:
    ways = []
    if Channel.EMAIL in settings.NOTIFICATION_CHANNELS and reach.email:
        ways.append((Channel.EMAIL.value, reach.email))
    if Channel.SMS in settings.NOTIFICATION_CHANNELS and reach.phone and kind.sms_template:
        ways.append((Channel.SMS.value, reach.phone))
    return ways


def _masked(channel: str, address: str) -> str:
    if channel == Channel.SMS:
        return masked_phone(address)
    local, _at, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"[:100]


def _first_moment(channel: str, now: datetime.datetime) -> datetime.datetime:
    """Return when a message may be sent: no SMS wakes anybody at night."""
    first, last = hours()
    if channel != Channel.SMS or (first, last) == (0, 0):
        return now
    local = timezone.localtime(now)
    morning = local.replace(hour=first, minute=0, second=0, microsecond=0)
    if local < morning:
        return morning
    if last < 24 and local.hour >= last:
        return morning + datetime.timedelta(days=1)
    return now


def unread_count(user: Any) -> int:
    """Return how many messages an account has not opened."""
    return Message.objects.visible_to(user).unread().count()


def _unread_key(user_id: int) -> str:
    return f"unread-messages:{user_id}"


def kept_unread_count(user: Any) -> int:
    """Return the number for the header of a page, which is seldom counted.

    It is forgotten when a message comes or is read; other processes without a shared cache may
    show the older number for `UNREAD_KEPT_SECONDS`.
    """
    key = _unread_key(user.pk)
    count: int | None = cache.get(key)
    if count is None:
        count = unread_count(user)
        cache.set(key, count, UNREAD_KEPT_SECONDS)
    return count


def _forget_unread(user_ids: Iterable[int]) -> None:
    keys = [_unread_key(user_id) for user_id in user_ids]
    # After the commit, or another request would count what is not there yet. What goes wrong
    # with the cache is logged and costs half a minute.
    transaction.on_commit(lambda: cache.delete_many(keys), robust=True)


def mark_read(user: Any, message_id: int) -> Message | None:
    """Mark one message as read; None when the account has no such message."""
    own = Message.objects.visible_to(user).filter(pk=message_id)
    if own.unread().update(read_at=timezone.now()):
        _forget_unread([user.pk])
    return own.first()


def mark_all_read(user: Any, up_to: int) -> int:
    """Mark everything as read up to the newest message that was shown; return how many."""
    own = Message.objects.visible_to(user).unread().filter(pk__lte=up_to)
    count = own.update(read_at=timezone.now())
    _forget_unread([user.pk])
    return count


def try_again(*conditions: Any, **values: Any) -> int:
    """Send again what was put aside; return how many messages. Takes the words of `filter`."""
    return leases.revive(Outbox.objects.filter(*conditions, **values), created_at=timezone.now())
