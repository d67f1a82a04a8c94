"""Sign-up for briefings: seats, waiting list, reminder, who came.

Each write locks the briefing, so that of two who take the last seat exactly one has it.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.notifications.recipients import Recipient
from portal.notifications.services import notify
from portal.people.models import User
from portal.refusals import NotPossible, NotYours, TooLate
from veterans.models import BriefingPage, SignUp
from veterans.models.publicity import MOST_COMPANIONS, SignUpState
from veterans.publicity.messages import REMINDER, SEAT
from veterans.publicity.permissions import may_run_publicity


def _locked(briefing_id: int) -> BriefingPage:
    page: BriefingPage = BriefingPage.objects.select_for_update(of=("self",)).get(pk=briefing_id)
    return page


def own_sign_up(page: BriefingPage, user: Any) -> SignUp | None:
    """Return the sign-up of an account that was not cancelled."""
    if not user.is_authenticated or user.person_id is None:
        return None
    found: SignUp | None = page.sign_ups.standing().filter(person=user.person_id).first()
    return found


def takes_sign_ups(page: BriefingPage) -> bool:
    """Whether people can sign up now."""
    return bool(page.live) and timezone.now() <= page.sign_up_until


@transaction.atomic
def sign_up(briefing_id: int, user: User, companions: int = 0) -> SignUp:
    """Give a seat, or a place on the waiting list; who has one already keeps it.

    Args:
        companions: relatives who come along, each of whom takes a seat.

    Raises:
        NotPossible: the account names nobody, or too many come along.
        TooLate: the time to sign up is over.
    """
    if user.person is None:
        raise NotPossible(_("Seats are given by name. This account names nobody."))
    if not 0 <= companions <= MOST_COMPANIONS:
        raise NotPossible(_("At most %(count)d relatives can come along.") % {"count": 2})
    page = _locked(briefing_id)
    if not takes_sign_ups(page):
        raise TooLate(_("The time to sign up is over. Please call the service station."))
    there = own_sign_up(page, user)
    if there is not None:
        return there
    free = page.capacity - page.sign_ups.seats()
    queued = page.sign_ups.filter(state=SignUpState.WAITING).exists()
    seated = not queued and free >= 1 + companions
    made: SignUp = SignUp.objects.create(
        briefing=page,
        person=user.person,
        companions=companions,
        state=SignUpState.SEATED if seated else SignUpState.WAITING,
        signed_up_at=timezone.now(),
    )
    return made


@transaction.atomic
def cancel(briefing_id: int, user: User) -> None:
    """Give a seat back; who waits longest gets it, and is told.

    Raises:
        TooLate: the briefing has begun.
        NotPossible: the account has not signed up.
    """
    page = _locked(briefing_id)
    if timezone.now() >= page.starts_at:
        raise TooLate(_("The briefing has begun already."))
    own = own_sign_up(page, user)
    if own is None:
        raise NotPossible(_("You have not signed up for this briefing."))
    own.state, own.cancelled_at = SignUpState.CANCELLED, timezone.now()
    own.save(update_fields=["state", "cancelled_at"])
    _move_up(page)


def _move_up(page: BriefingPage) -> None:
    """Give free seats to the waiting, strictly in the order in which they signed up."""
    free = page.capacity - page.sign_ups.seats()
    for waiting in page.sign_ups.filter(state=SignUpState.WAITING).select_related("person"):
        if waiting.companions + 1 > free:
            return
        waiting.state = SignUpState.SEATED
        waiting.save(update_fields=["state"])
        free -= waiting.companions + 1
        notify(
            SEAT,
            [Recipient(person=waiting.person)],
            _told(page),
            event_key=f"briefing-seat:{waiting.pk}",
            url=page.url or "",
        )


def _told(page: BriefingPage) -> dict[str, str]:
    return {"title": page.title, "when": page.when_words(), "place": page.place}


def remind() -> str:
    """Remind those who have a seat on the day before; once, however often it runs."""
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    told = 0
    for page in BriefingPage.objects.live().filter(starts_at__date=tomorrow):
        with transaction.atomic():
            page = _locked(page.pk)
            rows = page.sign_ups.filter(state=SignUpState.SEATED, reminded_at=None)
            for row in rows.select_related("person"):
                notify(
                    REMINDER,
                    [Recipient(person=row.person)],
                    _told(page),
                    event_key=f"briefing-reminder:{row.pk}",
                    url=page.url or "",
                )
                told += 1
            rows.update(reminded_at=timezone.now())
    return f"{told} people reminded of briefings"


@transaction.atomic
def note_attendance(briefing_id: int, user: User, came: Collection[int]) -> int:
    """Write down who came; return how many.

    Args:
        came: keys of the sign-ups that were ticked; all others did not come.

    Raises:
        NotYours: the account does not run briefings.
        TooLate: the briefing has not begun.
    """
    if not may_run_publicity(user):
        raise NotYours(_("Briefings are run by the veterans service officer."))
    page = _locked(briefing_id)
    if timezone.now() < page.starts_at:
        raise TooLate(_("The briefing has not begun yet."))
    rows = page.sign_ups.standing()
    rows.exclude(pk__in=came).update(attended=False)
    counted: int = rows.filter(pk__in=came).update(attended=True)
    return counted


def page_context(page: BriefingPage, user: Any) -> dict[str, Any]:
    """Return seats, the reader's own sign-up and what can be done, for the page."""
    taken = page.sign_ups.seats() if page.pk else 0
    phone = page.phone or settings.SERVICE_PHONE
    return {
        "seats_left": max(0, page.capacity - taken),
        "waiting": page.sign_ups.filter(state=SignUpState.WAITING).count() if page.pk else 0,
        "own": own_sign_up(page, user) if page.pk else None,
        "takes_sign_ups": takes_sign_ups(page),
        "has_begun": timezone.now() >= page.starts_at,
        "companion_choices": range(MOST_COMPANIONS + 1),
        "phone": phone,
        "attendance_url": reverse("support_briefing_attendance", args=[page.pk])
        if page.pk and may_run_publicity(user)
        else "",
    }
