"""Objections: raised by name, answered once, and the notice stands still in between."""

from __future__ import annotations

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.people.models import User
from portal.public_notices.ending import close
from portal.public_notices.locking import locked_notice, write_event
from portal.public_notices.messages import tell_objector, tell_office
from portal.public_notices.models import (
    NoticeEvent,
    NoticePause,
    NoticeState,
    Objection,
    ObjectionState,
    PublicNotice,
)
from portal.public_notices.models.objections import DECISIONS, MAX_REASON, MIN_REASON
from portal.public_notices.owners import lock_owner, notice_owner
from portal.public_notices.permissions import why_not_answer
from portal.public_notices.querysets import ObjectionQuerySet
from portal.public_notices.reckoning import reckon
from portal.public_notices.refusals import AlreadyAnswered, ObjectionClosed, ObjectionRefused
from portal.publishing.refusals import NotReviewer


def open_objections(owner_kind: str, owner_id: str) -> ObjectionQuerySet:
    """Return the objections of an owner that wait for their answer.

    For the decision whether the owner goes on ask `is_over`, which also takes the lock.
    """
    found: ObjectionQuerySet = Objection.objects.of_owner(owner_kind, owner_id).open()
    return found


def _plain(text: str, what: str) -> str:
    """Return a text without spaces around, of a length that says something.

    Raises:
        ValidationError: too short, or too long.
    """
    text = text.strip()
    if len(text) < MIN_REASON:
        raise ValidationError(
            _("Please write at least %(count)d characters: %(what)s.")
            % {"count": MIN_REASON, "what": what}
        )
    if len(text) > MAX_REASON:
        raise ValidationError(
            _("Please write at most %(count)d characters; you wrote %(written)d.")
            % {"count": MAX_REASON, "written": len(text)}
        )
    return text


def raise_objection(
    notice: PublicNotice, user: User, reason: str, *, today: datetime.date | None = None
) -> Objection:
    """Write an objection by name; the notice stands still from this moment.

    Args:
        notice: a published notice.
        user: who objects; an account of a person.
        reason: facts and reason.
        today: for tests; otherwise the day is asked after the notice is locked.

    Raises:
        ObjectionClosed: the notice is over, or the account's own objection still waits.
        ValidationError: the reason is too short or too long.
    """
    if user.person_id is None:
        raise ObjectionClosed(_("Objections are raised by name. This account names nobody."))
    reason = _plain(reason, _("what is not right, and how you know"))
    with transaction.atomic():
        lock_owner(notice.owner_kind, notice.owner_id)
        locked = locked_notice(notice.pk)
        # Asked after the lock: whoever waited for it past midnight is too late.
        day = today or timezone.localdate()
        _refuse_late(locked, day)
        _refuse_second(locked, user)
        objection = Objection.objects.create(
            notice=locked, raised_by=user, raised_at=timezone.now(), reason=reason
        )
        NoticePause.objects.create(notice=locked, objection=objection, first_on=day)
        reckon(locked)
        write_event(locked, NoticeEvent.Kind.OBJECTION)
        objection.notice = locked
        tell_office(objection)
        owner = notice_owner(locked.owner_kind)
        if owner is not None:
            owner.on_objection(objection)
    return objection


def _refuse_late(notice: PublicNotice, today: datetime.date) -> None:
    if notice.is_open and (notice.ends_on is None or today <= notice.ends_on):
        return
    if notice.state == NoticeState.CANCELLED:
        raise ObjectionClosed(
            _("The public notice “%(title)s” was called off.") % {"title": notice.title}
        )
    raise ObjectionClosed(
        _(
            "The public notice “%(title)s” is over, objections were possible until its last day. "
            "You can still reach the responsible unit: %(unit)s, %(phone)s."
        )
        % {"title": notice.title, "unit": notice.unit.name, "phone": notice.phone}
    )


def _refuse_second(notice: PublicNotice, user: User) -> None:
    waiting = Objection.objects.filter(notice=notice, raised_by=user).open().first()
    if waiting is not None:
        raise ObjectionClosed(
            _("Your objection was received at %(when)s and waits for its answer.")
            % {"when": timezone.localtime(waiting.raised_at).strftime("%Y-%m-%d %H:%M")},
            [(_("See my objection"), waiting.get_absolute_url())],
        )


def answer_objection(
    objection_id: uuid.UUID,
    user: User,
    decision: str,
    answer: str,
    *,
    today: datetime.date | None = None,
) -> Objection:
    """Answer an objection with a reason. Upheld, the notice is called off; else it goes on.

    The one who answers works in the responsible section and unit and is neither the one who
    objects, nor the one who drafted or approved the notice, nor one whom it names.

    Raises:
        AlreadyAnswered: somebody else answered first.
        NotReviewer: the account does not work in the responsible section and unit.
        ObjectionRefused: the account objected, drafted, approved, or is named.
        ValidationError: no decision, or an answer that is too short or too long.
    """
    if decision not in DECISIONS:
        raise ValidationError(_("Please choose whether the objection is upheld or dismissed."))
    answer = _plain(answer, _("what was looked into, and what follows"))
    with transaction.atomic():
        given = Objection.objects.select_related("notice").get(pk=objection_id)
        lock_owner(given.notice.owner_kind, given.notice.owner_id)
        notice = locked_notice(given.notice_id)
        objection = Objection.objects.select_related("answered_by__person").get(pk=objection_id)
        objection.notice = notice
        _refuse_answerer(user, objection)
        day = today or timezone.localdate()
        _write_answer(objection, user, decision, answer)
        was_open = notice.is_open
        _move_notice(notice, objection, user, day)
        tell_objector(objection)
        owner = notice_owner(notice.owner_kind)
        # After the first upheld objection the notice stands for nothing any more: the others get
        # their answers, and the owner has moved on already.
        if was_open and owner is not None and owner.on_answer is not None:
            owner.on_answer(objection)
    return objection


def _refuse_answerer(user: User, objection: Objection) -> None:
    reason = why_not_answer(user, objection)
    if reason == "stranger":
        raise NotReviewer(_("Your role does not cover this section or unit."))
    if reason:
        words = {
            "objector": _("You raised this objection yourself. A colleague has to answer it."),
            "approver": _("You approved this public notice. A colleague has to answer."),
            "drafter": _("You drafted this public notice. A colleague has to answer."),
            "subject": _("This public notice is about you. A colleague has to answer."),
        }
        raise ObjectionRefused(words[reason])
    if not objection.is_open:
        when = timezone.localtime(objection.answered_at)
        raise AlreadyAnswered(
            _("%(who)s already answered this objection at %(when)s: %(decision)s.")
            % {
                "who": objection.answered_by,
                "when": when.strftime("%Y-%m-%d %H:%M"),
                "decision": objection.get_state_display(),
            },
            [(_("See the answer"), objection.get_absolute_url())],
        )


def _write_answer(objection: Objection, user: User, decision: str, answer: str) -> None:
    objection.state, objection.answer = decision, answer
    objection.answered_by, objection.answered_at = user, timezone.now()
    objection.save(update_fields=["state", "answer", "answered_by", "answered_at"])


def _move_notice(
    notice: PublicNotice, objection: Objection, user: User, today: datetime.date
) -> None:
    pause = NoticePause.objects.filter(objection=objection, last_on=None).first()
    if pause is not None:
        pause.last_on = max(today, pause.first_on)
        pause.save(update_fields=["last_on"])
    if notice.is_open and objection.state == ObjectionState.DISMISSED:
        reckon(notice)
    write_event(notice, NoticeEvent.Kind.ANSWERED, user, objection.get_state_display())
    if notice.is_open and objection.state == ObjectionState.UPHELD:
        close(notice, NoticeState.CANCELLED, user, _("an objection was upheld"), today)
