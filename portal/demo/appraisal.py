"""The appraisal of the demo: a catalogue of old paper whose periods have ended.

One list was carried out, one waits for the secretary, one record is held, the others wait for
the archivist.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.archives import renders
from portal.archives.appraisal import lists
from portal.archives.appraisal.holds import HoldScope, place_hold
from portal.archives.consultation import services as consultation
from portal.archives.legacy import services as legacy
from portal.archives.models import (
    ArchiveClass,
    LegacyBatch,
    LegacyItem,
    LegacyState,
    Record,
    RecordState,
    RetentionPeriod,
)
from portal.archives.pool import processing
from portal.archives.pool.intake import take_in
from portal.archives.pool.services import accept
from portal.demo.clock import set_clock
from portal.leases import WorkStatus
from portal.organizations.models import Unit
from portal.people.models import User

SHANGHAI = ZoneInfo("Asia/Shanghai")
CATALOGUE = "机关党委2013至2015年短期档案目录.xlsx"
TAKEN_OVER = date(2026, 4, 9)
APPLICANTS = ("100024", "100050")
ARCHIVIST, SECRETARY, WITNESSES = "100010", "100001", ("100012", "100006")


class OldItem(NamedTuple):
    """One row of the old catalogue."""

    old_code: str
    title: str
    written_on: date
    pages: int


ITEMS = (
    OldItem("2013-D10-0031", "关于开展冬季安全学习日活动的通知", date(2013, 11, 18), 2),
    OldItem("2013-D10-0046", "2013年四季度党建工作情况反映", date(2013, 12, 24), 5),
    OldItem("2014-D10-0012", "党员活动室图书征订情况的函", date(2014, 3, 6), 3),
    OldItem("2014-D10-0027", "“安全在我心中”演讲比赛方案", date(2014, 6, 12), 6),
    OldItem("2014-D10-0052", "青石梁煤矿食堂改造意见汇总", date(2014, 9, 30), 8),
    OldItem("2015-D10-0008", "2015年春节值班安排", date(2015, 2, 10), 1),
    OldItem("2015-D10-0019", "矿区植树活动小结", date(2015, 4, 3), 2),
    OldItem("2015-D10-0033", "七一文艺演出节目单和筹备会记录", date(2015, 6, 25), 7),
)
DESTROYED, PROPOSED, HELD = slice(0, 2), slice(2, 4), 4


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def _taken_over(archivist: User) -> list[Record]:
    """Take the old catalogue over and accept what it lists; return the records in order."""
    unit = Unit.objects.get(code="DW")
    with set_clock(_at(TAKEN_OVER, 9, 20)) as clock:
        batch = LegacyBatch.objects.create(
            state=LegacyState.READY,
            status=WorkStatus.DONE,
            available_at=clock.moment,
            catalogue_name=CATALOGUE,
            scans_name="",
            catalogue_size=0,
            scans_size=0,
            uploaded_at=clock.moment,
            uploaded_by=archivist,
            row_count=len(ITEMS),
        )
        LegacyItem.objects.bulk_create(
            LegacyItem(
                batch=batch,
                row_number=row,
                old_code=item.old_code,
                author="机关党委",
                title=item.title,
                document_date=item.written_on,
                page_count=item.pages,
                year=item.written_on.year,
                archive_class=ArchiveClass.objects.get(pk="DQ01"),
                period=RetentionPeriod.TEN_YEARS,
                unit=unit,
                box=f"{item.written_on.year}-D10-01",
            )
            for row, item in enumerate(ITEMS, start=2)
        )
        legacy.confirm(batch.pk)
        clock.moment += timedelta(minutes=2)
        renders.work_all()
        records = [
            item.record
            for item in batch.items.select_related("record").order_by("row_number")
            if item.record is not None
        ]
        for record in records:
            take_in(record.pk)
            processing.check(record.pk)
            clock.moment += timedelta(minutes=1)
            accept(record.pk, archivist)
    return list(Record.objects.filter(pk__in=[one.pk for one in records]).order_by("archive_code"))


def _load_uses(archivist: User) -> None:
    """Let two people ask for records; one request is granted, one waits."""
    applicants = [User.objects.get(username=number) for number in APPLICANTS]
    accepted = Record.objects.filter(state=RecordState.ACCEPTED, period=RetentionPeriod.PERMANENT)
    first, second = accepted.order_by("archive_code")[:2]
    with set_clock(_at(date(2026, 11, 17), 8, 50)):
        asked = consultation.ask(first, applicants[0], "copy", "办理退休手续，核对支部任职经历")
    with set_clock(_at(date(2026, 11, 17), 15, 10)):
        consultation.grant(asked.pk, archivist, date(2026, 12, 16), "请妥善保管，用后不外传。")
    with set_clock(_at(date(2026, 11, 20), 9, 5)):
        consultation.ask(second, applicants[1], "read", "编写支部志，查对历年换届情况")


def load_appraisal(report: Callable[[str], None]) -> int:
    """Bring the old catalogue as far as the appraisal is; return how many records it has.

    Nothing is done where the catalogue was taken over before.
    """
    if LegacyBatch.objects.filter(catalogue_name=CATALOGUE).exists():
        return 0
    people = {
        number: User.objects.get(username=number) for number in (ARCHIVIST, SECRETARY, *WITNESSES)
    }
    archivist, witnesses = people[ARCHIVIST], [people[number] for number in WITNESSES]
    by_title = {record.title: record.pk for record in _taken_over(archivist)}
    keys: list[uuid.UUID] = [by_title[item.title] for item in ITEMS]
    with set_clock(_at(date(2026, 5, 12), 10)):
        done = lists.make_list(archivist, keys[DESTROYED], "鉴定小组会议纪要〔2026〕1号")
        lists.propose(done.pk, archivist, witnesses)
    with set_clock(_at(date(2026, 5, 13), 16, 5)):
        lists.approve(done.pk, people[SECRETARY], "同意销毁，请按规定监销。")
    for hour, witness in zip((9, 10), witnesses, strict=True):
        with set_clock(_at(date(2026, 5, 14), hour, 30)):
            lists.sign(done.pk, witness)
    with set_clock(_at(date(2026, 5, 14), 11)):
        renders.work_all()
    with set_clock(_at(date(2026, 9, 2), 14, 20)):
        held = Record.objects.get(pk=keys[HELD])
        place_hold(archivist, HoldScope(record=held), "食堂改造合同纠纷未结，法务部来函要求保全")
    with set_clock(_at(date(2026, 11, 18), 9, 45)):
        waiting = lists.make_list(archivist, keys[PROPOSED], "鉴定小组会议纪要〔2026〕3号")
        lists.propose(waiting.pk, archivist, witnesses)
    _load_uses(archivist)
    gone = Record.objects.filter(pk__in=keys, state=RecordState.DESTROYED).count()
    report(f"鉴定 appraisal: {len(keys)}, {gone} 销毁 destroyed")
    return len(keys)
