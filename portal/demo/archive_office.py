"""The archive office of the demo: what the archivist decided until the spring of 2026.

Everything published before is accepted and numbered, but for a few items that went back, or
that nobody has looked at; what was published later waits in the pool.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.archives import renders
from portal.archives.models import Record, RecordState, ReturnReason
from portal.archives.pool import processing
from portal.archives.pool.intake import take_in
from portal.archives.pool.services import accept, answer, correct, return_item
from portal.demo.clock import set_clock
from portal.organizations.models import Unit
from portal.pages.models import Publication
from portal.people.models import User

SHANGHAI = ZoneInfo("Asia/Shanghai")
DECIDED_UNTIL = date(2026, 3, 31)
ARCHIVIST = "100010"
DAYS_TO_DECIDE = 3

# By the address of the page: why it went back and what is to be put right.
RETURNED = {
    "2026-03-12-tree-planting": (
        ReturnReason.MISSING_ATTACHMENT,
        "正文提到参加人员名单，附件中没有。请补充名单后重新发布。",
    ),
    "2026-03-25-group-night-shift-charging": (
        ReturnReason.BAD_TITLE,
        "题名看不出是党小组会。请在题名中写明会议名称。",
    ),
}
# Returned once, put right by the unit, and accepted.
CORRECTED = {
    "2026-01-15-general-meeting-annual-plan": (
        ReturnReason.WRONG_PERIOD,
        "审议年度总结和计划的党员大会，本单位按永久保管。请更正保管期限。",
        "100051",
        "已将保管期限改为永久。",
    ),
}
# Nobody has decided on these; they show up as overdue.
LEFT = frozenset({"2026-02-11-cold-wave-watch", "2026-03-05-volunteer-repairs"})


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def _decide(record: Record, slug: str) -> None:
    """Decide on a record as the archivist did a few days after its capture."""
    archivist = User.objects.get(username=ARCHIVIST)
    day = record.captured_at.astimezone(SHANGHAI).date() + timedelta(days=DAYS_TO_DECIDE)
    if slug in LEFT:
        return
    if slug in RETURNED:
        with set_clock(_at(day, 10, 12)):
            return_item(record.pk, archivist, *RETURNED[slug])
        return
    if slug in CORRECTED:
        reason, remark, corrector, words = CORRECTED[slug]
        with set_clock(_at(day, 9, 40)):
            returned = return_item(record.pk, archivist, reason, remark)
        with set_clock(_at(day + timedelta(days=1), 15, 5)):
            # The account may have had other roles then; the unit's own person corrects.
            person = _corrector(corrector, returned.unit)
            if returned.archive_class is not None:
                correct(
                    record.pk,
                    person,
                    archive_class=returned.archive_class,
                    period="Y",
                    unit=returned.unit,
                )
            answer(record.pk, person, words)
        day += timedelta(days=2)
    with set_clock(_at(day, 10, 30)):
        accept(record.pk, User.objects.get(username=ARCHIVIST))


def _corrector(number: str, unit: Unit | None) -> User:
    """Return the account if it may correct items of the unit, else the archivist."""
    from portal.archives.permissions import may_correct

    person = User.objects.get(username=number)
    return person if may_correct(person, unit) else User.objects.get(username=ARCHIVIST)


def load_archive_office(report: Callable[[str], None]) -> int:
    """Bring the older records of the demo as far as the archivist did; return how many.

    A record that was taken in before is left alone, so a second run changes nothing.
    """
    addresses = {
        str(pk): slug for pk, slug in Publication.objects.values_list("page_id", "page__slug")
    }
    records = list(
        Record.objects.filter(
            state=RecordState.CAPTURED,
            captured_at__lt=_at(DECIDED_UNTIL + timedelta(days=1), 0),
        ).order_by("captured_at", "version")
    )
    for position, record in enumerate(records, start=1):
        with set_clock(record.captured_at + timedelta(minutes=2)):
            renders.work_all()
            state = take_in(record.pk)
        if state == RecordState.POOL:
            with set_clock(record.captured_at + timedelta(minutes=5)):
                processing.check(record.pk)
            _decide(record, addresses.get(record.source_id, ""))
        if position % 10 == 0:
            report(f"档案 records: {position} / {len(records)}")
    return len(records)
