"""Remind of items before their day, on it, and when they stand still; each level once."""

from __future__ import annotations

import datetime
import logging
from collections import Counter, defaultdict
from collections.abc import Iterator
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.archives.models import PoolItem, PoolReminder, RecordState
from portal.people.models import User
from portal.roles.models import RoleAssignment
from portal.roles.table import ArchiveRight
from portal.workdays.calendar import WorkingCalendar, current

logger = logging.getLogger(__name__)

DUE_SOON = "due-soon"
OVERDUE = "overdue"
SUPERVISION = "supervision"
LEVELS = {
    DUE_SOON: gettext_lazy("Due within two working days"),
    OVERDUE: gettext_lazy("Overdue"),
    SUPERVISION: gettext_lazy("Overdue for ten working days or more"),
}
DUE_SOON_WORKING_DAYS = 2
SUPERVISION_WORKING_DAYS = 10


def level_of(
    due_on: datetime.date, today: datetime.date, calendar: WorkingCalendar | None = None
) -> str | None:
    """Return the highest level an item has reached; None when there is nothing to say yet."""
    calendar = calendar or current()
    if calendar.add_working_days(due_on, SUPERVISION_WORKING_DAYS).date <= today:
        return SUPERVISION
    if due_on < today:
        return OVERDUE
    if due_on <= calendar.add_working_days(today, DUE_SOON_WORKING_DAYS).date:
        return DUE_SOON
    return None


def _responsible(item: PoolItem, assignments: list[RoleAssignment]) -> Iterator[int]:
    """Yield the people who can move an item: archivists, or the unit it was returned to."""
    returned = item.record.state == RecordState.RETURNED
    right = ArchiveRight.CORRECT if returned else ArchiveRight.RECEIVE
    for assignment in assignments:
        if right in assignment.role.archive_rights and (
            not returned or assignment.covers(item.unit)
        ):
            yield assignment.person_id


@transaction.atomic
def give_reminders(today: datetime.date | None = None) -> dict[int, Counter[str]]:
    """Write the reminders of today; return how many of each level each person gets."""
    today = today or timezone.localdate()
    assignments = list(RoleAssignment.objects.active_on(today).select_related("unit"))
    given: dict[int, Counter[str]] = defaultdict(Counter)
    calendar = current()
    horizon = calendar.add_working_days(today, DUE_SOON_WORKING_DAYS).date
    items = PoolItem.objects.open().filter(due_on__lte=horizon).select_related("record", "unit")
    for item in items.iterator(500):
        if item.due_on is None or (level := level_of(item.due_on, today, calendar)) is None:
            continue
        _row, new = PoolReminder.objects.get_or_create(
            item=item, level=level, due_on=item.due_on, defaults={"given_on": today}
        )
        if new:
            for person in set(_responsible(item, assignments)):
                given[person][level] += 1
    return dict(given)


def _message(counts: Counter[str]) -> str:
    lines = [
        _("%(level)s: %(count)d items") % {"level": name, "count": counts[level]}
        for level, name in LEVELS.items()
        if counts[level]
    ]
    return "\n".join([_("Archive items wait for you:"), *lines, _("Sign in to the portal.")])


def _send(user: User, counts: Counter[str]) -> bool:
    """Tell one account; False when the mail server does not take it."""
    try:
        send_mail(
            _("Archive items wait for you"),
            _message(counts),
            settings.DEFAULT_FROM_EMAIL,
            [user.email],
        )
    except (SMTPException, OSError):
        # The task stands in the workspace all the same, and the others must be told.
        logger.exception("The reminder for account %s was not sent.", user.pk)
        return False
    return True


def daily() -> str:
    """Write today's reminders and tell those who have an address; no title leaves the portal."""
    given = give_reminders()
    sent = failed = 0
    with override("zh-hans"):
        for user in User.objects.filter(person__in=given, is_active=True).exclude(email=""):
            if user.person_id is None:
                continue
            if _send(user, given[user.person_id]):
                sent += 1
            else:
                failed += 1
    total = sum(sum(counts.values()) for counts in given.values())
    return f"{total} reminders of archive items, {sent} messages, {failed} not sent"
