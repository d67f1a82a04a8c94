"""Public notices of the demo: one that has ended, one that stands still, one that runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from portal.archives.actors import act_as
from portal.demo.clock import set_clock
from portal.demo.registry import DemoEvent, register_event

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld
    from portal.public_notices.models import PublicNotice

SHANGHAI = ZoneInfo("Asia/Shanghai")
PARTY_STAFF, PARTY_APPROVER = "100006", "100001"
UNION_STAFF, UNION_CHAIR = "100008", "100003"
VETERANS_OFFICER = "100009"
# An employee who objects, under their own name.
OBJECTOR = "100063"
RANGE = "1000元以下"


@dataclass(frozen=True)
class DemoNotice:
    """One notice of the demo. The whole names are invented and masked before they are stored."""

    code: str
    day: date
    section: str
    unit: str
    title: str
    subject: str
    basis: str
    people: tuple[tuple[str, str, str, str], ...]
    phone: str
    address: str
    drafter: str
    approver: str


NOTICES = (
    DemoNotice(
        "autumn-visits",
        date(2026, 9, 7),
        "veterans",
        "QL-FW",
        "关于2026年中秋国庆走访慰问优抚对象名单的公示",
        "节日走访慰问",
        "《沁岚能源集团拥军优属工作办法》第十二条，集团党委会2026年9月4日会议",
        (
            ("霍万山", "青石梁煤矿", "中秋国庆慰问（残疾军人）", RANGE),
            ("上官淑芬", "选煤厂", "中秋国庆慰问（烈属）", RANGE),
            ("邱保国", "沁岚热电厂", "中秋国庆慰问（退役军人）", RANGE),
        ),
        "0000-1235",
        "集团办公楼一层110室，退役军人服务站",
        VETERANS_OFFICER,
        PARTY_APPROVER,
    ),
    DemoNotice(
        "hardship-help",
        date(2026, 11, 16),
        "union",
        "QL-GH",
        "关于2026年第四季度困难职工帮扶名单的公示",
        "困难职工帮扶",
        "《沁岚能源集团困难职工帮扶办法》第八条，集团工会2026年11月13日会议",
        (
            ("孟长河", "北坡煤矿通风瓦斯队", "大病帮扶", ""),
            ("阎秀兰", "选煤厂", "子女助学帮扶", "1000元至3000元"),
            ("令狐建军", "青石梁煤矿综掘队", "生活困难帮扶", "1000元至3000元"),
            ("宫玉成", "矿山救护大队", "意外伤害帮扶", ""),
        ),
        "0000-1226",
        "集团办公楼二层205室，集团工会",
        UNION_STAFF,
        UNION_CHAIR,
    ),
    DemoNotice(
        "school-aid",
        date(2026, 11, 20),
        "veterans",
        "QL-FW",
        "关于2026年退役军人职工子女助学补贴拟发放对象的公示",
        "子女助学补贴",
        "《沁岚能源集团退役军人职工子女助学补贴办法》第五条",
        (
            ("郝志刚", "青石梁煤矿采煤一队", "子女助学补贴（本科）", "3000元至5000元"),
            ("欧阳卫东", "北坡煤矿", "子女助学补贴（高职）", "1000元至3000元"),
            ("段红霞", "沁岚热电厂", "子女助学补贴（高中）", "1000元至3000元"),
        ),
        "0000-1235",
        "集团办公楼一层110室，退役军人服务站",
        VETERANS_OFFICER,
        PARTY_STAFF,
    ),
)
OBJECTION = (
    "名单第二项的同志，据我所知今年上半年已经领取过县里的助学金，两项能不能同时享受，"
    "请工会核对一下。我没有别的意思，只希望名额给最需要的人。"
)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def _found(code: str) -> PublicNotice | None:
    from portal.public_notices.models import PublicNotice

    return PublicNotice.objects.of_owner("demo", code).first()


def _publish(world: DemoWorld, told: DemoNotice) -> bool:
    from portal.public_notices.entries import entry
    from portal.public_notices.services import draft_notice, publish_notice

    if _found(told.code):
        return False
    approver = world.user(told.approver)
    with (
        set_clock(_at(told.day, 9, 30)),
        act_as(user_id=approver.pk, reviewer_id=approver.pk),
    ):
        notice = draft_notice(
            owner_kind="demo",
            owner_id=told.code,
            section=told.section,
            title=told.title,
            subject=told.subject,
            basis=told.basis,
            entries=[entry(*person) for person in told.people],
            unit=world.units[told.unit],
            phone=told.phone,
            address=told.address,
        )
        publish_notice(notice, world.user(told.drafter), approver)
    world.written["public-notice", "live"] += 1
    return True


def _end(world: DemoWorld) -> bool:
    from portal.public_notices.models import NoticeState
    from portal.public_notices.services import end_due_notices

    notice = _found("autumn-visits")
    if notice is None or notice.state != NoticeState.RUNNING:
        return False
    with set_clock(_at(date(2026, 9, 15), 0, 30)):
        end_due_notices()
    return True


def _object(world: DemoWorld) -> bool:
    from portal.public_notices.services import raise_objection

    notice = _found("hardship-help")
    if notice is None or notice.objections.exists():
        return False
    with set_clock(_at(date(2026, 11, 19), 16, 20)):
        raise_objection(notice, world.user(OBJECTOR), OBJECTION)
    return True


def register() -> None:
    """Register the notices and what happened to them."""
    for told in NOTICES:
        register_event(
            DemoEvent(
                f"public-notice-{told.code}",
                told.day,
                lambda world, told=told: _publish(world, told),  # type: ignore[misc]
            )
        )
    register_event(DemoEvent("public-notice-end", date(2026, 9, 15), _end))
    register_event(DemoEvent("public-notice-objection", date(2026, 11, 19), _object))
