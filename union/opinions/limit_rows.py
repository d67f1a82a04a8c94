"""The office changes the time limits of opinions: a new row from a day on, never a former one."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.log_actions import log

from portal.people.models import User
from portal.refusals import NotPossible
from portal.workdays.dated import LimitKind
from union.models import OpinionLimit
from union.opinions import limits
from union.opinions.permissions import works_for_union

# In the order in which an opinion meets them.
NAMES: dict[str, Any] = {
    limits.ACCEPT: pgettext_lazy("opinion clock", "Accept"),
    limits.DISPATCH: pgettext_lazy("opinion clock", "Pass on"),
    limits.RETURN: pgettext_lazy("opinion limit", "Return to the union"),
    limits.HELP: pgettext_lazy("opinion limit", "Contribution of a helping unit"),
    limits.REPLY: pgettext_lazy("opinion clock", "Reply"),
    limits.EXTENSION: pgettext_lazy("opinion limit", "Extension of the reply, once"),
    limits.REVIEW: pgettext_lazy("opinion clock", "Review"),
    limits.RATING: gettext_lazy("Rating"),
    limits.PETITION_ACCEPT: pgettext_lazy("opinion limit", "By law: accept or not"),
    limits.PETITION_FINISH: pgettext_lazy("opinion clock", "Finish by law"),
    limits.PETITION_EXTENSION: pgettext_lazy("opinion limit", "By law: extension"),
    "petition-second-ask": pgettext_lazy("opinion limit", "By law: ask for a second look"),
    "petition-second-answer": pgettext_lazy("opinion limit", "By law: answer of a second look"),
    "disclosure-answer": pgettext_lazy("opinion limit", "Answer to a question on disclosure"),
}
# A working week of five days takes seven.
WEEK, WORKING_WEEK = 7, 5


@dataclass(frozen=True)
class LimitRow:
    """One limit with its name and the row that follows it, if any."""

    name: Any
    now: OpinionLimit
    later: OpinionLimit | None


def rows(today: datetime.date) -> list[LimitRow]:
    """Return every limit in force and what is announced, by one query."""
    now: dict[str, OpinionLimit] = {}
    later: dict[str, OpinionLimit] = {}
    for row in OpinionLimit.objects.order_by("effective_from"):
        if row.effective_from <= today:
            now[row.code] = row
        else:
            later.setdefault(row.code, row)
    return [
        LimitRow(name, now[code], later.get(code)) for code, name in NAMES.items() if code in now
    ]


def _calendar_days(row: OpinionLimit, days: int) -> int:
    if row.kind == LimitKind.CALENDAR:
        return days
    return -(-days * WEEK // WORKING_WEEK)


def _refuse_beyond_law(row: OpinionLimit, days: int, day: datetime.date) -> None:
    law = {
        limits.ACCEPT: limits.PETITION_ACCEPT,
        limits.REPLY: limits.PETITION_FINISH,
        limits.EXTENSION: limits.PETITION_EXTENSION,
    }.get(row.code)
    if law is None:
        return
    most = limits.limit(law, day)
    if _calendar_days(row, days) > most.days:
        raise NotPossible(
            _("The law allows %(days)d calendar days (%(clause)s). Please choose fewer.")
            % {"days": most.days, "clause": most.clause}
        )


@transaction.atomic
def announce(
    user: User, code: str, days: int, clause: str, effective_from: datetime.date
) -> OpinionLimit:
    """Let a limit change from a day on; running clocks keep the days they began with.

    Raises:
        NotPossible: the account is not of the union, the day is over, or the law allows less.
    """
    if not works_for_union(user):
        raise NotPossible(_("The union keeps the time limits."))
    today = timezone.localdate()
    if effective_from <= today:
        raise NotPossible(_("A limit changes from tomorrow on at the earliest."))
    present = limits.limit(code, today)
    _refuse_beyond_law(present, days, effective_from)
    try:
        with transaction.atomic():
            made: OpinionLimit = OpinionLimit.objects.create(
                code=code,
                days=days,
                kind=present.kind,
                clause=clause.strip(),
                effective_from=effective_from,
            )
    except IntegrityError as error:
        raise NotPossible(_("From this day on another number is announced already.")) from error
    log(
        instance=made,
        action="union.limit_announced",
        user=user,
        data={"code": code, "days": days, "from": effective_from.isoformat()},
    )
    return made
