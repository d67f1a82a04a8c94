"""How a notice stands today, in words, for its page and for lists."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.pages.formats import chinese_date
from portal.public_notices.models.notices import NoticeState, PublicNotice
from portal.workdays.calendar import WorkingCalendar, current

if TYPE_CHECKING:
    from portal.public_notices.models.pages import PublicNoticePage


@dataclass(frozen=True)
class Standing:
    """What readers see of the state of a notice.

    Attributes:
        code: a value of `NoticeState`, or `run` when the days are over but not closed yet.
        title: in a few words, such as “公示已结束”.
        words: one or two short sentences: how long still, or since when it is over.
        tone: colour of the tag, empty for grey; the words say the same.
        short: the state in two or three characters.
        accepts_objections: whether somebody may still object.
        days_left: working days after today, where the notice runs or stands still.
        share: how much of the period has passed, 0 to 100, for the bar.
    """

    code: str
    title: str
    words: str
    tone: str
    short: str
    accepts_objections: bool
    days_left: int | None = None
    share: int = 100


def standing(
    notice: PublicNotice,
    today: datetime.date | None = None,
    calendar: WorkingCalendar | None = None,
) -> Standing:
    """Return how a published notice stands on a day."""
    day = today or timezone.localdate()
    if notice.state == NoticeState.CANCELLED:
        return Standing(
            "cancelled",
            _("Public notice called off"),
            _("Called off on %(day)s. What it announced is not granted on this basis.")
            % {"day": chinese_date(notice.closed_on)},
            "",
            pgettext("public notice", "Called off"),
            False,
        )
    if notice.state == NoticeState.ENDED or (notice.ends_on and notice.ends_on < day):
        return Standing(
            "ended",
            _("Public notice ended"),
            _("The notice ran until %(day)s; objections are no longer possible.")
            % {"day": chinese_date(notice.ends_on)},
            "",
            pgettext("public notice", "Ended"),
            False,
        )
    calendar = calendar or current()
    run = notice.period().days_run(calendar, day)
    share = round(100 * run / notice.days)
    if notice.state == NoticeState.PAUSED:
        left = max(notice.days - run, 0)
        words = ngettext(
            "Something is being looked into. Then it runs for %(count)d more working day.",
            "Something is being looked into. Then it runs for %(count)d more working days.",
            left,
        ) % {"count": left}
        return Standing(
            "paused",
            _("Public notice stands still"),
            words,
            "amber",
            pgettext("public notice", "Stands still"),
            True,
            left,
            share,
        )
    ends_on = notice.ends_on or day
    left = calendar.working_days_between(day, ends_on).days
    return Standing(
        "running",
        _("Public notice runs"),
        _running_words(left, ends_on, notice.estimated),
        "green",
        pgettext("public notice", "Runs"),
        True,
        left,
        share,
    )


def _running_words(left: int, ends_on: datetime.date, estimated: bool) -> str:
    until = chinese_date(ends_on)
    if left == 0:
        words = _("Today, %(until)s, is the last day.") % {"until": until}
    else:
        words = ngettext(
            "%(count)d working day left after today, until the end of %(until)s.",
            "%(count)d working days left after today, until the end of %(until)s.",
            left,
        ) % {"count": left, "until": until}
    if estimated:
        words += _("This is an estimate until the days off of the year are published.")
    return words


def add_standing(publications: Iterable[Any]) -> None:
    """Give each publication of a list its notice's standing; one query and one for the calendar."""
    rows = list(publications)
    notices = PublicNotice.objects.filter(page_id__in=[row.pk for row in rows])
    by_page = {notice.page_id: notice for notice in notices.prefetch_related("pauses").order_by()}
    calendar = current()
    for row in rows:
        notice = by_page.get(row.pk)
        row.standing = standing(notice, calendar=calendar) if notice else None


def page_context(page: PublicNoticePage, user: Any) -> dict[str, Any]:
    """Return what the page of a notice shows beside what was approved."""
    from portal.public_notices.permissions import has_objection_office

    # How to object has its own place below the list.
    side = [(label, value) for label, value in page.facts() if value != page.how_to_object]
    notice = page.notice_or_none() if page.pk else None
    if notice is None:
        return {"notice": None, "standing": None, "side_facts": side}
    own = None
    if user.is_authenticated:
        own = notice.objections.filter(raised_by=user.pk).order_by("-raised_at").first()
    return {
        "notice": notice,
        "standing": standing(notice),
        "side_facts": side,
        "own_objection": own,
        "has_objection_office": user.is_authenticated and has_objection_office(user),
    }
