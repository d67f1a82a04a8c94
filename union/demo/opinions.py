"""What was sent to the boxes of the demo company, in every state.

Every name and matter is invented. Opinions without a name have receipts that stand here, so that
whoever tries the demo can follow them; receipts of real people stand nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from portal.archives.actors import act_as
from portal.cases import services as cases
from portal.cases.models import Case
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import UNION_CHAIR, UNION_STAFF
from portal.demo.registry import DemoEvent, register_event

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld

DISCIPLINE = "100012"


@dataclass(frozen=True)
class DemoOpinion:
    """One opinion with the steps that were taken.

    Attributes:
        sender: employee number; empty for nobody known.
        receipt: of an opinion without a name.
        steps: transition, employee number of who took it (empty for the sender), its values.
        asked, said: a message of the office and one of the sender, before the reply.
    """

    key: str
    box: str
    category: str
    day: date
    text: str
    sender: str = ""
    mode: str = "anonymous"
    receipt: str = ""
    may_publish: bool = False
    accused: str = ""
    asked: str = ""
    said: str = ""
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = ()


def _d(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def _answered(reply: str) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    return (
        ("accept", UNION_STAFF, {}),
        ("reply_self", UNION_STAFF, {"reply": reply}),
        ("review_reply", UNION_CHAIR, {}),
    )


OPINIONS: tuple[DemoOpinion, ...] = (
    DemoOpinion(
        "canteen-night",
        "work-and-life",
        "canteen",
        _d("10-12"),
        "零点班下来食堂只剩冷馒头，能不能在二十三点以后留一个热餐窗口？我们班组二十几个人都盼着。",
        receipt="7K3M9QWX2DRT5HBA",
        may_publish=True,
        asked="请问是哪个食堂、一周里哪几天最明显？",
        said="青石梁矿的二食堂，周一到周四都是，周五以后人少一些。",
        steps=(
            *_answered(
                "经与后勤商定，自10月26日起青石梁矿二食堂零点班窗口延长到次日一点，供应两样热菜和面食。"
                "执行一个月后由班组代表打分，分数低于八十分再调整。"
            ),
            ("rate", "", {"level": 5, "words": "真的热了，谢谢。"}),
        ),
    ),
    DemoOpinion(
        "gloves",
        "work-and-life",
        "protection",
        _d("11-02"),
        "今年发的手套不耐磨，支护工戴三天就破。建议按岗位分两种发，费用差不多，用起来差很多。",
        receipt="Q4N8ZC6VJ1TPX3EM",
        steps=_answered(
            "物资部试用了三种手套，支护岗位从12月起改发加厚耐磨型，每季四双；其他岗位不变。"
            "旧手套可以到区队材料员处换领。"
        ),
    ),
    DemoOpinion(
        "overtime",
        "work-and-life",
        "pay",
        _d("11-16"),
        "十月份顶班三次，工资条里只看到两次加班工资，问了区队说按月底考勤算。想知道加班到底怎么统计。",
        receipt="W2H7RK9D5YB3F8NA",
        accused="QL-QS-ZJ",
        asked="请告诉我们大概是哪几天，不用写名字，我们去对考勤机的记录。",
        steps=(("accept", UNION_STAFF, {}),),
    ),
    DemoOpinion(
        "mind",
        "heart-to-heart",
        "mind",
        _d("11-19"),
        "倒班两年，最近总睡不着，下井前心慌。不想让队里知道，有没有地方能聊一聊？",
        receipt="5TX0GJ4M8PCV6WQK",
    ),
    DemoOpinion(
        "integrity",
        "work-and-life",
        "integrity",
        _d("11-10"),
        "听说有人在劳务队伍进场时收了好处，招标公告只挂了一天。请查一查今年八月那次。",
        receipt="E9B6MZ1KQ7SH4DVR",
        steps=(("accept", DISCIPLINE, {}),),
    ),
    DemoOpinion(
        "bus",
        "work-and-life",
        "canteen",
        _d("10-20"),
        "北坡线最后一班车十点就没有了，下中班的人要等到第二天。请考虑加一班。",
        sender="100065",
        mode="named",
        may_publish=True,
        steps=(
            *_answered(
                "自11月1日起北坡线加开22:40一班，试行三个月。车上有意见簿，也可以继续在这里反映。"
            ),
            ("rate", "100065", {"level": 4, "words": ""}),
        ),
    ),
    DemoOpinion(
        "lamp",
        "safety-now",
        "protection",
        _d("11-17"),
        "选煤厂三楼走廊的应急灯有四盏不亮，夜里巡检看不清台阶。",
        sender="100063",
        mode="name-hidden",
        steps=(("accept", UNION_STAFF, {}),),
    ),
    DemoOpinion(
        "library",
        "heart-to-heart",
        "culture",
        _d("11-20"),
        "图书室周末关门，倒休的人只有周末有空。希望周六开半天，我们愿意轮流值班。",
        sender="100076",
        mode="named",
    ),
    DemoOpinion(
        "arbitration",
        "work-and-life",
        "other",
        _d("11-04"),
        "我和原单位的劳动合同纠纷还在仲裁，希望工会出面让他们先把钱付了。",
        sender="100074",
        mode="named",
        steps=(
            (
                "decline",
                UNION_STAFF,
                {
                    "reason": "此事正在劳动仲裁程序中。"
                    "工会可以为您提供法律援助，但不能代替仲裁裁决。\n"
                    "可以找：集团工会法律援助窗口，办公楼一楼105室"
                },
            ),
        ),
    ),
)


def _send(world: DemoWorld, opinion: DemoOpinion) -> Case:
    from portal.organizations.models import Unit
    from union.anonymity import receipts
    from union.models import FeedbackBoxPage, OpinionCategory
    from union.opinions.sending import NewOpinion, enter

    sender = world.user(opinion.sender) if opinion.sender else None
    new = NewOpinion(
        box=FeedbackBoxPage.objects.get(slug=opinion.box),
        category=OpinionCategory.objects.get(code=opinion.category),
        text=opinion.text,
        mode=opinion.mode,
        accused_unit=Unit.objects.filter(code=opinion.accused).first(),
        may_publish=opinion.may_publish,
        person=sender.person if sender is not None else None,
        receipt_mac=receipts.opinion_mac(opinion.receipt) if opinion.receipt else None,
    )
    return enter(new, sender)


def _step(world: DemoWorld, case: Case, step: tuple[str, str, dict[str, Any]]) -> None:
    code, actor, values = step
    user = world.user(actor) if actor else None
    with act_as(user_id=user.pk if user is not None else None):
        cases.apply(case.pk, code, user, values, by_receipt=user is None)


def _talk(world: DemoWorld, case: Case, opinion: DemoOpinion) -> None:
    from union.opinions.dialogue import write_as_sender, write_as_staff

    if opinion.asked:
        write_as_staff(case.pk, world.user(UNION_STAFF), opinion.asked)
    if opinion.said:
        write_as_sender(case.subject, opinion.said)


def _run(world: DemoWorld, opinion: DemoOpinion, hour: time) -> bool:
    from union.models import Opinion

    if any(text == opinion.text for text in Opinion.objects.values_list("text", flat=True)):
        return False
    with set_clock(datetime.combine(opinion.day, hour, SHANGHAI)):
        case = _send(world, opinion)
        for number, step in enumerate(opinion.steps):
            _step(world, case, step)
            if number == 0:
                _talk(world, case, opinion)
    world.written["opinions", "done"] += 1
    return True


def _event(opinion: DemoOpinion, hour: time) -> Callable[[DemoWorld], bool]:
    return lambda world: _run(world, opinion, hour)


def register() -> None:
    """Register every opinion on the day it reached the office."""
    for number, opinion in enumerate(OPINIONS):
        hour = time(9 if not opinion.sender else 16, number)
        register_event(DemoEvent(f"opinion-{opinion.key}", opinion.day, _event(opinion, hour)))
