"""How far away a last day is, in working days and in words."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.workdays.calendar import WorkingCalendar

# From here on a task is shown as pressing.
PRESSING_DAYS = 2


@dataclass(frozen=True)
class Due:
    """How a last day looks from today.

    Attributes:
        on: the last day.
        days: working days left; negative when so many have passed since.
        is_over: whether the last day has passed.
        text: the distance in words, at most 25 characters in Chinese.
        tone: red when it is over, amber when it is near, nothing otherwise.
    """

    on: datetime.date
    days: int
    is_over: bool
    text: str
    tone: str


def due(on: datetime.date, today: datetime.date, known: WorkingCalendar) -> Due:
    """Say how far a last day is from today.

    A last day on a weekend or holiday is near when no working day is left before it. Where a
    year was touched whose calendar is not published, the words say that it is about so many.
    """
    days, estimated = known.working_days_between(today, on)
    is_over = on < today
    if on == today:
        text = _("Due today")
    elif is_over and days == 0:
        text = _("Overdue since the last working day")
    elif is_over and estimated:
        text = ngettext(
            "Overdue by about %(days)d working day", "Overdue by about %(days)d working days", -days
        ) % {"days": -days}
    elif is_over:
        text = ngettext(
            "Overdue by %(days)d working day", "Overdue by %(days)d working days", -days
        ) % {"days": -days}
    elif days == 0:
        text = _("No working day is left")
    elif estimated:
        text = ngettext(
            "About %(days)d working day left", "About %(days)d working days left", days
        ) % {"days": days}
    else:
        text = ngettext("%(days)d working day left", "%(days)d working days left", days) % {
            "days": days
        }
    tone = "red" if is_over else "amber" if days <= PRESSING_DAYS else ""
    return Due(on, days, is_over, text, tone)
