"""The writes of public notices: publish, pause, resume, cancel; objections and the end beside.

Locks are taken in one order: the owner (where its kind gives a lock), then the notice. What is
asked of a notice inside a transaction (`is_over`) locks it as well, so an objection that is just
coming in is waited for, and none comes in after the owner has moved on.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.people.models import Person, User
from portal.public_notices.ending import end_due_notices, is_over
from portal.public_notices.locking import locked_notice, write_event
from portal.public_notices.models import (
    NoticeEvent,
    NoticePause,
    NoticeState,
    PublicNotice,
)
from portal.public_notices.objections import answer_objection, open_objections, raise_objection
from portal.public_notices.owners import lock_owner, register_notice_owner
from portal.public_notices.permissions import is_subject
from portal.public_notices.publication import build_page, publish_page
from portal.public_notices.reckoning import reckon
from portal.public_notices.refusals import NoticeMoved, NoticeRefused
from portal.publishing.refusals import NotReviewer, OwnWork
from portal.roles.permissions import may_review
from portal.workdays.calendar import current

__all__ = [
    "answer_objection",
    "cancel",
    "draft_notice",
    "end_due_notices",
    "is_over",
    "open_objections",
    "pause",
    "publish_notice",
    "raise_objection",
    "register_notice_owner",
    "resume",
]

Kind = NoticeEvent.Kind


@transaction.atomic
def draft_notice(*, subjects: Any = (), **fields: Any) -> PublicNotice:
    """Write a notice that nobody sees yet.

    Args:
        subjects: the people it is about; they cannot answer objections to it.
        fields: of `PublicNotice`; `entries` from `portal.public_notices.entries.entry`.

    Raises:
        ValidationError: a field is wrong, such as a name that is not masked.
    """
    notice = PublicNotice(**fields)
    notice.full_clean()
    notice.save()
    notice.subjects.set(subjects)
    return notice


def publish_notice(
    notice: PublicNotice,
    drafted_by: User,
    approved_by: User,
    *,
    subjects: Iterable[Person] | None = None,
    today: datetime.date | None = None,
) -> PublicNotice:
    """Publish a notice as a page, in the caller's transaction, with four eyes.

    The page is captured at the commit of that transaction; nothing of it remains if the
    transaction is rolled back. The notice starts today and its end is counted now.

    Args:
        notice: a draft; one that is not saved yet is checked and saved.
        drafted_by: who wrote it, from the records of its owner.
        approved_by: who approves it now; another person.
        subjects: the people it is about, for a notice that is not saved yet; without them those
            that were set stay.

    Raises:
        OwnWork: both are the same person.
        NotReviewer: one of them has no right in the section or the unit.
        NoticeRefused: the notice is about one of them.
        NoticeMoved: it is published already.
        ValidationError: a field is wrong.
    """
    with transaction.atomic():
        notice.full_clean(validate_unique=notice._state.adding)
        if notice._state.adding:
            notice.save()
        if subjects is not None:
            notice.subjects.set(subjects)
        _refuse_publishers(notice, drafted_by, approved_by)
        locked = locked_notice(notice.pk)
        if locked.state != NoticeState.DRAFT:
            raise NoticeMoved(_moved_words(locked))
        day = today or timezone.localdate()
        locked.starts_on = day
        # A new notice has no pauses, so the calendar alone says when it ends.
        end = current().add_working_days(day, locked.days, include_start=locked.include_start)
        locked.ends_on, locked.estimated = end
        locked.state = NoticeState.RUNNING
        locked.drafted_by, locked.approved_by = drafted_by, approved_by
        # What is published and archived is Chinese, whatever the approver reads.
        with override("zh-hans"):
            page = build_page(locked, day, end.date, drafted_by)
        publish_page(page, drafted_by=drafted_by, approved_by=approved_by)
        locked.page = page
        locked.save()
        write_event(locked, Kind.PUBLISHED, approved_by)
    _follow(notice, locked)
    return notice


def _follow(given: PublicNotice, written: PublicNotice) -> None:
    """Bring the caller's object in line with what was written."""
    for field in PublicNotice._meta.concrete_fields:
        setattr(given, field.attname, getattr(written, field.attname))


def _refuse_publishers(notice: PublicNotice, drafted_by: User, approved_by: User) -> None:
    if drafted_by.pk == approved_by.pk or drafted_by.person_id == approved_by.person_id:
        raise OwnWork(
            _("You drafted the public notice “%(title)s”. Please ask a colleague to approve it.")
            % {"title": notice.title}
        )
    for user in (drafted_by, approved_by):
        for section in ("public-notices", notice.section):
            if not may_review(user, section, notice.unit):
                raise NotReviewer(
                    _("%(who)s has no right to publish public notices of this unit.")
                    % {"who": user}
                )
        if is_subject(user, notice):
            raise NoticeRefused(
                _("The public notice is about %(who)s, who can neither draft nor approve it.")
                % {"who": user}
            )


def _moved_words(notice: PublicNotice) -> str:
    return _("“%(title)s” is in the state “%(state)s” by now. Please open it again.") % {
        "title": notice.title,
        "state": notice.get_state_display(),
    }


def _open_notice(notice: PublicNotice) -> PublicNotice:
    lock_owner(notice.owner_kind, notice.owner_id)
    locked = locked_notice(notice.pk)
    if not locked.is_open:
        raise NoticeMoved(_moved_words(locked))
    return locked


def pause(
    notice: PublicNotice,
    actor: User | None,
    reason: str,
    *,
    today: datetime.date | None = None,
) -> PublicNotice:
    """Let a notice stand still for a reason in words; today does not count any more.

    Raises:
        NoticeMoved: it does not run.
        ValidationError: no reason is given, or it stands still by hand already.
    """
    if not reason.strip():
        raise ValidationError(_("Please say why the public notice stands still."))
    with transaction.atomic():
        locked = _open_notice(notice)
        if locked.pauses.filter(objection=None, last_on=None).exists():
            raise NoticeMoved(_moved_words(locked))
        NoticePause.objects.create(
            notice=locked, first_on=today or timezone.localdate(), reason=reason
        )
        reckon(locked)
        write_event(locked, Kind.PAUSED, actor, reason)
    _follow(notice, locked)
    return notice


def resume(
    notice: PublicNotice,
    actor: User | None,
    *,
    today: datetime.date | None = None,
) -> PublicNotice:
    """Let a notice go on that was paused by hand; the days after today count again.

    A notice with an open objection goes on standing still: only the answer lets it run.

    Raises:
        NoticeMoved: it was not paused by hand.
    """
    with transaction.atomic():
        locked = _open_notice(notice)
        stopped = locked.pauses.filter(objection=None, last_on=None).first()
        if stopped is None:
            raise NoticeMoved(_moved_words(locked))
        stopped.last_on = max(today or timezone.localdate(), stopped.first_on)
        stopped.save(update_fields=["last_on"])
        reckon(locked)
        write_event(locked, Kind.RESUMED, actor)
    _follow(notice, locked)
    return notice


def cancel(
    notice: PublicNotice,
    actor: User | None,
    reason: str,
    *,
    today: datetime.date | None = None,
) -> PublicNotice:
    """Call a notice off: its page stays and says so. Open objections still get their answer.

    Raises:
        NoticeMoved: it has ended or was called off already.
        ValidationError: no reason is given.
    """
    from portal.public_notices.ending import close

    if not reason.strip():
        raise ValidationError(_("Please say why the public notice is called off."))
    with transaction.atomic():
        lock_owner(notice.owner_kind, notice.owner_id)
        locked = locked_notice(notice.pk)
        if locked.state in (NoticeState.ENDED, NoticeState.CANCELLED):
            raise NoticeMoved(_moved_words(locked))
        close(locked, NoticeState.CANCELLED, actor, reason, today or timezone.localdate())
    _follow(notice, locked)
    return notice
