"""What the units of the demo company do with opinions, and what is laid open.

One is late on purpose, one waits for its review, one was contributed to, one comes from a branch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from portal.archives.actors import act_as
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import UNION_CHAIR, UNION_STAFF
from portal.demo.registry import DemoEvent, DemoPart, register_event, register_part
from union.demo.openness_texts import (
    BULLETINS,
    DISCLOSURES,
    REPLIES,
    BulletinText,
    DisclosureText,
    ReplyText,
)

if TYPE_CHECKING:
    from portal.cases.models import Case
    from portal.demo.loading import DemoWorld

SECRETARY, STAFFING = "100050", "100018"


@dataclass(frozen=True)
class PassedOn:
    """One named opinion that a unit handles.

    Attributes:
        unit: code of the unit that is asked.
        helper, question, contribution: of a helping unit, and what it said.
        reply: of the handler; empty while nobody answered.
        approved: whether the union sent it.
    """

    key: str
    box: str
    category: str
    day: date
    sender: str
    text: str
    unit: str
    handler: str
    mode: str = "named"
    helper: str = ""
    helping: str = ""
    question: str = ""
    contribution: str = ""
    reply: str = ""
    approved: bool = False


PASSED_ON: tuple[PassedOn, ...] = (
    PassedOn(
        "showers",
        "work-and-life",
        "conditions",
        date(2026, 11, 16),
        "100028",
        "更衣室的淋浴一半不出热水，早班升井的人要排四十分钟。能不能先修西侧那一排？",
        "QL-QS",
        "100042",
        mode="name-hidden",
        helper="QL-AJ",
        helping="100017",
        question="西侧淋浴停用期间，更衣室的通道怎样安排才不影响应急疏散？",
        contribution="停用期间保留北门通道，宽度不小于一米五；请在门口立牌并安排专人引导。",
    ),
    PassedOn(
        "heating",
        "work-and-life",
        "canteen",
        date(2026, 11, 9),
        "100074",
        "单身公寓三楼暖气不热，晚上只有十三度。报修了两次，来人看看就走了，请帮忙催一催。",
        "QL-RD",
        "100073",
        reply="三楼立管已于十一月十七日排气并更换两组阀门，当晚实测室温十九度；"
        "本周每天早晚各测一次，记录贴在楼道口。",
    ),
    PassedOn(
        "lockers",
        "work-and-life",
        "conditions",
        date(2026, 10, 26),
        "100085",
        "更衣柜的锁坏了三成，工作服放在外面经常拿错。希望换一批，旧柜子能修的修一修。",
        "QL-BP",
        "100056",
    ),
    PassedOn(
        "noise",
        "safety-now",
        "protection",
        date(2026, 10, 13),
        "100065",
        "筛分楼二层噪声大，对讲机都听不清，耳塞发得不够，也没有人教怎么戴。",
        "QL-XM",
        "100062",
        reply="已补发降噪耳塞四百副，每班班前会教一遍佩戴；二层隔声罩列入十二月检修，"
        "检修后由职业卫生机构复测并公布结果。",
        approved=True,
    ),
)


def _sent(world: DemoWorld, one: PassedOn) -> Case:
    from union.models import FeedbackBoxPage, OpinionCategory
    from union.opinions.sending import NewOpinion, enter

    sender = world.user(one.sender)
    return enter(
        NewOpinion(
            box=FeedbackBoxPage.objects.get(slug=one.box),
            category=OpinionCategory.objects.get(code=one.category),
            text=one.text,
            mode=one.mode,
            may_publish=True,
            person=sender.person,
        ),
        sender,
    )


def _apply(world: DemoWorld, case: Case, code: str, number: str, **values: Any) -> None:
    from portal.cases import services as cases

    user = world.user(number)
    with act_as(user_id=user.pk):
        cases.apply(case.pk, code, user, values)


def _contribute(world: DemoWorld, case: Case, one: PassedOn) -> None:
    from union.models import OpinionHelp
    from union.opinions.helping import contribute

    asked = OpinionHelp.objects.get(opinion=case.pk)
    contribute(asked.pk, world.user(one.helping), one.contribution)


def _run(world: DemoWorld, one: PassedOn) -> bool:
    from union.models import Opinion

    if any(text == one.text for text in Opinion.objects.values_list("text", flat=True)):
        return False
    with set_clock(datetime.combine(one.day, time(15, 20), SHANGHAI)):
        case = _sent(world, one)
        _apply(world, case, "accept", UNION_STAFF)
        helpers = [world.units[one.helper]] if one.helper else []
        _apply(
            world,
            case,
            "dispatch",
            UNION_STAFF,
            lead_unit=world.units[one.unit],
            helpers=helpers,
            question=one.question,
        )
        if one.contribution:
            _contribute(world, case, one)
        if one.reply:
            _apply(world, case, "reply", one.handler, reply=one.reply)
        if one.approved:
            _apply(world, case, "review_reply", UNION_CHAIR)
            _apply(world, case, "rate", one.sender, level=5, words="解决得很快。")
    world.written["opinions", "done"] += 1
    return True


def _passed_on(one: PassedOn) -> Callable[[DemoWorld], bool]:
    return lambda world: _run(world, one)


MATTER = "井口候车棚四面透风，冬天等车的职工没有地方避风。支部请集团安排加装挡风门帘和取暖设备。"


def _raise_matter(world: DemoWorld) -> bool:
    """Let a branch raise a matter, which the union passes on."""
    from union.models import Opinion, OpinionCategory
    from union.opinions.matters import raise_matter

    if Opinion.objects.filter(raised_by__isnull=False).exists():
        return False
    with set_clock(datetime(2026, 11, 12, 9, 40, tzinfo=SHANGHAI)):
        user = world.user(SECRETARY)
        values = {
            "branch": world.units["DZ05"],
            "category": OpinionCategory.objects.get(code="conditions"),
            "text": MATTER,
            "accused_unit": None,
            "may_publish": True,
        }
        with act_as(user_id=user.pk):
            case = raise_matter(user, values)
        _apply(world, case, "accept", UNION_STAFF)
        _apply(world, case, "dispatch", UNION_STAFF, lead_unit=world.units["QL-BP"], helpers=[])
    return True


@dataclass(frozen=True)
class Asked:
    """A question on a disclosed matter, with its answer where there is one."""

    page: str
    day: date
    asker: str
    text: str
    answer: str = ""


QUESTIONS = (
    Asked(
        "disclosure-training-plan",
        date(2026, 9, 8),
        "100063",
        "浮选岗位今年还有没有技能提升班？去年报了名没有排上。",
        "十月下旬有一期选煤工种提升班，去年报名没有排上的优先，名单在选煤厂公开栏公布。",
    ),
    Asked(
        "disclosure-receptions-q3",
        date(2026, 11, 18),
        "100028",
        "矿里自己的接待费用在哪里公布？本页只有集团本部的。",
    ),
)


def _ask(world: DemoWorld, asked: Asked) -> bool:
    from union.models import DisclosureQuestion, OpenManagementPage
    from union.openness import questions

    page = OpenManagementPage.objects.filter(slug=asked.page).first()
    if page is None or DisclosureQuestion.objects.filter(page=page).exists():
        return False
    with set_clock(datetime.combine(asked.day, time(10, 15), SHANGHAI)):
        made = questions.ask(page, world.user(asked.asker), asked.text)
        if asked.answer:
            questions.draft_answer(made.pk, world.user(STAFFING), asked.answer)
            questions.release_answer(made.pk, world.user(UNION_STAFF), asked.answer)
    return True


def _asked(one: Asked) -> Callable[[DemoWorld], bool]:
    return lambda world: _ask(world, one)


# ---- pages


def _index(_text: Any) -> Any:
    from union.models import UnionIndexPage

    return UnionIndexPage.objects.get()


def _reply(text: ReplyText) -> Any:
    from union.models import OpinionCategory, PublicReplyPage

    return PublicReplyPage(
        category=OpinionCategory.objects.get(code=text.category), improvement=text.improvement
    )


def _disclosure(text: DisclosureText) -> Any:
    from union.models import DisclosureCategory, OpenManagementPage

    return OpenManagementPage(
        category=DisclosureCategory.objects.get(code=text.category),
        form=text.form,
        checked_by=text.checked_by,
        disclosed_on=text.date,
        disclosed_until=text.until,
    )


def _bulletin(text: BulletinText) -> Any:
    from union.models import OpinionBulletinPage

    return OpinionBulletinPage(year=text.year, figures=text.figures)


def register() -> None:
    """Register pages and events."""
    for kind, name, texts, build in (
        ("public-reply", "公开答复", REPLIES, _reply),
        ("open-management", "厂务公开", DISCLOSURES, _disclosure),
        ("opinion-bulletin", "职工意见公报", BULLETINS, _bulletin),
    ):
        register_part(
            DemoPart(
                kind=kind,
                name=name,
                texts=texts,
                parent=_index,
                build=build,
                drafter=lambda _text: UNION_STAFF,
                reviewer=lambda _text: UNION_CHAIR,
            )
        )
    for one in PASSED_ON:
        register_event(DemoEvent(f"opinion-{one.key}", one.day, _passed_on(one)))
    register_event(DemoEvent("opinion-of-a-branch", date(2026, 11, 12), _raise_matter))
    for number, asked in enumerate(QUESTIONS):
        register_event(DemoEvent(f"disclosure-question-{number}", asked.day, _asked(asked)))
