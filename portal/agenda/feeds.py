"""The feed for calendar programs: its secret address, and the file behind it (RFC 5545)."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from icalendar import Calendar, Event

from portal.agenda.entries import Entry, entries_of
from portal.agenda.models import AgendaFeed
from portal.people.models import User
from portal.personal_data.encryption import blind_index

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Which days the feed holds, counted from today; what is older stays in the portal.
DAYS_BEFORE, DAYS_AFTER = 31, 366
_SECRET_BYTES = 24


@sensitive_variables()
def _digest(secret: str) -> str:
    return blind_index(f"agenda-feed:{secret}")


@sensitive_variables()
@transaction.atomic
def subscribe(user: User) -> str:
    """Make a new secret address for an account and return its secret; an earlier one ends."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    AgendaFeed.objects.update_or_create(
        user=user,
        defaults={"digest": _digest(secret), "made_at": timezone.now(), "read_on": None},
    )
    return secret


def unsubscribe(user: User) -> bool:
    """End the address of an account; whether there was one."""
    count, _rows = AgendaFeed.objects.filter(user=user).delete()
    return bool(count)


@sensitive_variables()
def feed_of(secret: str) -> AgendaFeed | None:
    """Return the feed behind a secret, if its account is still in use, by one query."""
    return (
        AgendaFeed.objects.filter(digest=_digest(secret), user__is_active=True)
        .select_related("user__person")
        .first()
    )


def written(feed: AgendaFeed, base_url: str, title: str) -> bytes:
    """Return what an account is expected at as an iCalendar file.

    Args:
        base_url: the address of the portal, without a slash at its end.
    """
    today = timezone.localdate()
    if feed.read_on != today:
        AgendaFeed.objects.filter(pk=feed.pk).update(read_on=today)
    entries = entries_of(
        feed.user.person,
        today - datetime.timedelta(days=DAYS_BEFORE),
        today + datetime.timedelta(days=DAYS_AFTER),
    )
    return calendar_file(entries, base_url, title)


def calendar_file(entries: Iterable[Entry], base_url: str, title: str) -> bytes:
    """Return entries as an iCalendar file with times in Shanghai."""
    book = Calendar()
    book.add("prodid", f"-//{title}//zh-CN")
    book.add("version", "2.0")
    book.add("x-wr-calname", title)
    book.add("x-wr-timezone", "Asia/Shanghai")
    for entry in entries:
        book.add_component(_event(entry, base_url))
    book.add_missing_timezones()
    body: bytes = book.to_ical()
    return body


def _event(entry: Entry, base_url: str) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@{base_url.partition('//')[2] or 'portal'}")
    event.add("dtstamp", timezone.now().astimezone(datetime.UTC))
    event.add("summary", str(entry.title))
    if entry.starts_at is None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + datetime.timedelta(days=1))
    else:
        event.add("dtstart", entry.starts_at.astimezone(SHANGHAI))
        event.add("dtend", (entry.until or entry.starts_at).astimezone(SHANGHAI))
    if entry.place:
        event.add("location", entry.place)
    if entry.note:
        event.add("description", str(entry.note))
    if entry.url:
        event.add("url", f"{base_url}{entry.url}")
    return event
