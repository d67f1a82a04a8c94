"""Suggestions for improvement of the demo company, in different states. Everything is invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portal.archives.actors import act_as
from portal.cases import services as cases
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import PARTY_STAFF, UNION_CHAIR, UNION_STAFF
from portal.demo.registry import DemoEvent, register_event
from union.demo.congress_texts import BP, QS, RD, XM, d

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld
    from union.models import Suggestion

SCORE = "score"


@dataclass(frozen=True)
class DemoSuggestion:
    """One suggestion with the steps that were taken, each on its day.

    Attributes:
        steps: day, transition or `score`, employee number of who took it, values.
    """

    author: str
    unit: str
    code: str
    title: str
    present: str
    measures: str
    expected: str
    started: date
    benefit: str = ""
    together: tuple[str, ...] = ()
    done_already: bool = False
    steps: tuple[tuple[date, str, str, dict[str, Any]], ...] = ()


def _points(technique: int, benefit: int, application: int, practicality: int) -> dict[str, int]:
    return {
        "technique": technique,
        "benefit": benefit,
        "application": application,
        "practicality": practicality,
    }


SUGGESTIONS: tuple[DemoSuggestion, ...] = (
    DemoSuggestion(
        "100045",
        "QL-QS-JY",
        "equipment",
        "皮带机自动清扫装置",
        "主运皮带回程粘煤，每班两人用铁锹清，停机四十分钟；去年因为粘煤跑偏换过一次皮带。",
        "在机头回程段装弹簧刮板和高压喷雾，配一个料位开关，粘煤到位自动清，不用停机。",
        "每班少停机四十分钟，少用两个工，皮带寿命延长。",
        d("02-24"),
        "600000.00",
        ("100044",),
        steps=(
            (d("02-27"), "adopt", QS, {"reason": "方案可行，先在一号皮带试装。"}),
            (d("05-22"), "report_done", QS, {"reason": "2月底装机，已连续运行三个月。"}),
            (
                d("06-03"),
                "verify",
                UNION_STAFF,
                {
                    "verified_benefit": Decimal("620000.00"),
                    "verification": "按3月至5月停机记录折算：每班减少停机三十八分钟，减少用工两人，"
                    "年效益六十二万元，财务部复核。",
                },
            ),
            (d("06-08"), SCORE, PARTY_STAFF, _points(27, 29, 17, 18)),
            (d("06-09"), SCORE, UNION_STAFF, _points(26, 30, 18, 19)),
            (d("06-12"), "award", UNION_CHAIR, {"note": "评审会意见一致"}),
        ),
    ),
    DemoSuggestion(
        "100075",
        "QL-RD",
        "cost",
        "凝结水回收到供暖补水",
        "汽机房疏水直接排地沟，一天约四十吨，水温六十度以上。",
        "加一台回收水箱和两级过滤，接到供暖补水管，冬季全部回收。",
        "少用除盐水，也少烧煤。",
        d("03-03"),
        "200000.00",
        ("100076",),
        steps=(
            (d("03-10"), "adopt", RD, {"reason": "水质化验合格，列入四月检修。"}),
            (d("05-26"), "report_done", RD, {"reason": "4月20日投用。"}),
            (
                d("06-03"),
                "verify",
                UNION_STAFF,
                {
                    "verified_benefit": Decimal("220000.00"),
                    "verification": "按流量计三十天累计折算，年回收除盐水一万一千吨，"
                    "年效益二十二万元。",
                },
            ),
            (d("06-08"), SCORE, PARTY_STAFF, _points(22, 24, 16, 17)),
            (d("06-09"), SCORE, UNION_STAFF, _points(23, 25, 15, 18)),
            (d("06-12"), "award", UNION_CHAIR, {"note": ""}),
        ),
    ),
    DemoSuggestion(
        "100024",
        "QL-QS-CM",
        "safety",
        "井口热水器出口加挡板",
        "井口热水器出口正对着人，冬天接水时常常烫手，上个月就有三次。",
        "在出口加一块斜挡板，材料三块钱，当天可以装上。",
        "不省钱，省手。",
        d("04-13"),
        done_already=True,
        steps=(
            (d("04-14"), "adopt", QS, {"reason": "当天装上，四个井口一起装。"}),
            (d("05-25"), "report_done", QS, {"reason": "四个井口已装好，没有再烫伤。"}),
            (
                d("06-04"),
                "verify",
                UNION_STAFF,
                {
                    "verified_benefit": Decimal("0.00"),
                    "verification": "现场查看四处，询问当班二十人，装后没有烫伤。",
                },
            ),
            (d("06-08"), SCORE, PARTY_STAFF, _points(8, 12, 17, 20)),
            (d("06-09"), SCORE, UNION_STAFF, _points(10, 12, 16, 20)),
            (d("06-12"), "award", UNION_CHAIR, {"note": "鼓励从小处着手"}),
        ),
    ),
    DemoSuggestion(
        "100053",
        "QL-BP-TF",
        "cost",
        "瓦斯泵余热给浴室供暖",
        "瓦斯泵房冷却水常年四十度左右，直接上冷却塔，隔壁浴室冬天烧电锅炉。",
        "加板式换热器，把冷却水的热换给浴室水箱，停泵时自动切回电锅炉。",
        "一个供暖季少用电约十四万度。",
        d("05-18"),
        "90000.00",
        steps=(
            (d("05-27"), "adopt", BP, {"reason": "与机电科核过管径，可行。"}),
            (d("11-03"), "report_done", BP, {"reason": "10月20日投用，运行正常。"}),
            (
                d("11-12"),
                "verify",
                UNION_STAFF,
                {
                    "verified_benefit": Decimal("86000.00"),
                    "verification": "投用三周电表读数与去年同期比较，折算一个供暖季八万六千元。",
                },
            ),
            (d("11-17"), SCORE, PARTY_STAFF, _points(21, 20, 15, 17)),
        ),
    ),
    DemoSuggestion(
        "100064",
        "QL-XM",
        "technology",
        "浮选药剂改为分段加药",
        "药剂一次加在入口，后两室浓度不够，尾矿灰分忽高忽低。",
        "在第二、第四室各加一个加药点，用小流量泵，按尾矿灰分调。",
        "估计每吨煤省药剂两角，尾矿灰分稳定；还没有做过对比试验。",
        d("09-07"),
        steps=(
            (
                d("09-17"),
                "defer",
                XM,
                {
                    "reason": "思路可行，但缺一个月的对比数据。请先在一号浮选机试加，"
                    "记录药耗和尾矿灰分后"
                    "再报，厂里配合。",
                },
            ),
        ),
    ),
    DemoSuggestion(
        "100063",
        "QL-XM",
        "service",
        "更衣室加一排吹风机",
        "女更衣室只有一个吹风机，冬天交接班排队半小时。",
        "加装四个壁挂吹风机，限功率，定时断电。",
        "少排队，也不用自己带大功率电器。",
        d("11-13"),
    ),
    DemoSuggestion(
        "100083",
        "QL-JH",
        "management",
        "出警装备改成颜色标签",
        "装备柜用编号，出警时新队员要对照清单找，演习时平均多用一分二十秒。",
        "按任务分红黄蓝三色标签，同色一次取齐；柜门内侧贴照片。",
        "出警准备时间缩短一分钟左右。",
        d("10-12"),
        together=("100082",),
        steps=(
            (d("10-19"), "adopt", UNION_STAFF, {"reason": "救护大队已在一中队试用，推广到全队。"}),
        ),
    ),
    DemoSuggestion(
        "100076",
        "QL-RD",
        "cost",
        "化验室改用小包装试剂",
        "大瓶试剂开封后常常过期。",
        "改买小包装。",
        "少浪费。",
        d("10-20"),
        steps=(
            (
                d("10-28"),
                "decline",
                RD,
                {
                    "reason": "经测算小包装单价高四成，去年过期报废只占一成二，总价反而增加；"
                    "已改为按月领用，"
                    "过期问题可以解决。",
                },
            ),
        ),
    ),
)


def _found(row: DemoSuggestion) -> Suggestion | None:
    from union.models import Suggestion

    return Suggestion.objects.select_related("case").filter(case__item=row.title).first()


def _start(world: DemoWorld, row: DemoSuggestion) -> bool:
    from union.models import SuggestionClass
    from union.suggestions import services

    if _found(row) is not None:
        return False
    user = world.user(row.author)
    values = {
        "title": row.title,
        "suggestion_class": SuggestionClass.objects.get(code=row.code),
        "present": row.present,
        "measures": row.measures,
        "expected": row.expected,
        "expected_benefit": Decimal(row.benefit) if row.benefit else None,
        "done_already": row.done_already,
        "numbers": row.together,
    }
    case = services.save(user, world.units[row.unit], values)
    cases.apply(case.pk, "submit", user, {})
    return True


def _step(world: DemoWorld, row: DemoSuggestion, position: int) -> bool:
    """Take a step unless it was taken; scores are no events of the case."""
    from union.suggestions import services

    found = _found(row)
    if found is None:
        return False
    _day, step, actor, values = row.steps[position]
    user = world.user(actor)
    if step == SCORE:
        if found.case.state != "verified" or found.scores.filter(scorer=user).exists():
            return False
        services.score(found.pk, user, values)
        return True
    before = 1 + sum(name != SCORE for _day, name, _actor, _values in row.steps[:position])
    if found.case.sequence != before:
        return False
    cases.apply(found.pk, step, user, values)
    return True


def _at(
    world: DemoWorld, day: date, hour: int, minute: int, actor: str, run: Callable[[], bool]
) -> bool:
    """Do something at its hour, as whoever does it."""
    moment = datetime.combine(day, time(hour, minute), SHANGHAI)
    with set_clock(moment), act_as(user_id=world.user(actor).pk):
        if not run():
            return False
    world.written["union-suggestion", "done"] += 1
    return True


def register() -> None:
    """Register every suggestion and every step on its day."""
    for place, row in enumerate(SUGGESTIONS):
        register_event(
            DemoEvent(
                f"suggestion-{place}",
                row.started,
                lambda world, row=row, place=place: _at(  # type: ignore[misc]
                    world, row.started, 10, place * 5, row.author, lambda: _start(world, row)
                ),
            )
        )
        for position, (day, _name, actor, _values) in enumerate(row.steps):
            register_event(
                DemoEvent(
                    f"suggestion-{place}-{position}",
                    day,
                    lambda world, row=row, place=place, position=position, day=day, actor=actor: (
                        _at(  # type: ignore[misc]
                            world,
                            day,
                            14 + position % 4,
                            place * 5,
                            actor,
                            lambda: _step(world, row, position),
                        )
                    ),
                )
            )
