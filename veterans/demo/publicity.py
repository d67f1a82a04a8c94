"""Answers, briefings, greetings and consultations of the demo, each on its day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.models import Page

from portal.archives.actors import act_as
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import PARTY_STAFF, VETERANS_OFFICER
from portal.demo.registry import DemoEvent, DemoPart, register_event
from portal.demo.texts import DemoText, prose
from veterans.demo.answers import ANSWERS, AnswerText

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld

UNIT = "QL-FW"


@dataclass(frozen=True, kw_only=True)
class BriefingText(DemoText):
    """A briefing and who signed up: employee numbers or numbers of families, in their order."""

    held_on: date
    begins: time
    place: str
    speaker: str
    capacity: int
    signed_up: tuple[str, ...] = ()
    came: tuple[str, ...] = ()


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI)


BRIEFINGS: tuple[BriefingText, ...] = (
    BriefingText(
        key="briefing-housing-2026",
        title="住房补贴2026年版解读会：哪些人多领、怎么算",
        summary="逐条讲新旧两版的变化，现场帮您算一算，可以带家人。",
        unit=UNIT,
        date=date(2026, 1, 12),
        body=(
            prose("""
## 讲什么

2026年版比2025年版多了什么、金额怎么算、自有住房人均不超过十五平方米的怎么核对。讲四十分钟，剩下的
时间回答问题。

## 现场可以办

带身份证和租赁合同的，现场受理。会后一周内，问得最多的问题会登在“常见问题”里。
"""),
        ),
        audience="public",
        held_on=date(2026, 1, 20),
        begins=time(14, 30),
        place="集团办公楼三楼303会议室",
        speaker="退役军人服务站周站长",
        capacity=40,
        signed_up=("100085", "100074", "J20003", "J20002", "100024"),
        came=("100085", "100074", "J20003", "100024"),
    ),
    BriefingText(
        key="briefing-medical-2026-12",
        title="医疗补助怎么报：五样单据一次带齐",
        summary="讲报销顺序、年度上限和隐私保护，座位四个，报满可以候补。",
        unit=UNIT,
        date=date(2026, 11, 16),
        body=(
            prose("""
小会议室，人少，问得细。先走医保，再走大病保险，剩下的怎么补，拿真实单据（遮住姓名）一张一张讲。

需要手语翻译或者轮椅坡道的，报名后打个电话，我们提前准备。
"""),
        ),
        audience="public",
        held_on=date(2026, 12, 8),
        begins=time(9, 30),
        place="退役军人服务站110室",
        speaker="工会何静",
        capacity=4,
        signed_up=("100082", "J20001", "100065", "100041", "100028", "J20004"),
    ),
    BriefingText(
        key="briefing-spring-2026-12",
        title="春节慰问和困难援助：年底前要办的两件事",
        summary="名册核对怎么点、困难援助年底前怎么申请，一小时讲完。",
        unit=UNIT,
        date=date(2026, 11, 19),
        body=(
            prose("""
每年十一月核对慰问名册，没有核对的春节可能收不到。困难援助每年一次，今年还没有申请、家里又有难处
的，年底前还来得及。

带上身份证，会后当场帮您核对名册。
"""),
        ),
        audience="public",
        held_on=date(2026, 12, 16),
        begins=time(15, 0),
        place="选煤厂二楼会议室",
        speaker="退役军人服务站周站长",
        capacity=60,
        signed_up=("100024", "100074"),
    ),
)


def _parent(_text: Any) -> Page:
    from veterans.models import VeteransIndexPage

    return VeteransIndexPage.objects.get()


def _answer_page(text: AnswerText) -> Any:
    from veterans.models import AnswerPage, SupportItem

    item = SupportItem.objects.get(code=text.item) if text.item else None
    return AnswerPage(topic=text.topic, item=item)


def _briefing_page(text: BriefingText) -> Any:
    from veterans.models import BriefingPage

    begins = _moment(text.held_on, text.begins)
    return BriefingPage(
        starts_at=begins,
        ends_at=begins + timedelta(minutes=90),
        place=text.place,
        speaker=text.speaker,
        capacity=text.capacity,
        sign_up_until=_moment(text.held_on - timedelta(days=1), time(17)),
        phone="0000-1235",
    )


def _part(kind: str, build: Callable[[Any], Any]) -> DemoPart:
    return DemoPart(
        kind=kind,
        name="拥军优属",
        texts=(),
        parent=_parent,
        build=build,
        drafter=lambda _text: VETERANS_OFFICER,
        reviewer=lambda _text: PARTY_STAFF,
    )


ANSWER_PART = _part("support-answer", _answer_page)
BRIEFING_PART = _part("briefing", _briefing_page)


def register() -> None:
    """Register every page and what happens with it."""
    from veterans.demo import consultations, greetings

    for answer in ANSWERS:
        _register(
            answer.key, answer.date, lambda world, text: world.load_text(ANSWER_PART, text), answer
        )
    for briefing in BRIEFINGS:
        _register(
            briefing.key,
            briefing.date,
            lambda world, text: world.load_text(BRIEFING_PART, text),
            briefing,
        )
        if briefing.signed_up:
            signing = briefing.date + timedelta(days=1)
            _register(f"{briefing.key}-sign-up", signing, sign_up, briefing)
        if briefing.came:
            _register(f"{briefing.key}-came", briefing.held_on, note_who_came, briefing)
    consultations.register()
    greetings.register()


def _register(code: str, day: date, run: Callable[[DemoWorld, Any], bool], text: Any) -> None:
    register_event(DemoEvent(code, day, lambda world: run(world, text)))


def sign_up(world: DemoWorld, text: BriefingText) -> bool:
    """Sign people up, one after the other, unless somebody has signed up already."""
    from veterans.models import BriefingPage
    from veterans.publicity import briefings

    page = BriefingPage.objects.get(slug=text.key)
    if page.sign_ups.exists():
        return False
    for number, who in enumerate(text.signed_up):
        user = world.user(who)
        moment = _moment(text.date + timedelta(days=1), time(8, 30)) + timedelta(minutes=7 * number)
        with set_clock(moment), act_as(user_id=user.pk):
            briefings.sign_up(page.pk, user, 1 if who.startswith("J") and number < 2 else 0)
    world.written["briefing", "sign-up"] += len(text.signed_up)
    return True


def note_who_came(world: DemoWorld, text: BriefingText) -> bool:
    """Tick who came, after the briefing."""
    from veterans.models import BriefingPage
    from veterans.publicity import briefings

    page = BriefingPage.objects.get(slug=text.key)
    if page.sign_ups.filter(attended__isnull=False).exists():
        return False
    people = {world.user(who).person_id for who in text.came}
    rows = [row.pk for row in page.sign_ups.standing() if row.person_id in people]
    officer = world.user(VETERANS_OFFICER)
    with (
        set_clock(_moment(text.held_on, time(17, 20))),
        act_as(user_id=officer.pk),
        transaction.atomic(),
    ):
        briefings.note_attendance(page.pk, officer, rows)
    world.written["briefing", "attendance"] += 1
    return True
