"""What the delegates of the demo company proposed. Everything is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.demo.parts import UNION_CHAIR, UNION_STAFF

QS, AJ, RL, BP, XM, RD = "100042", "100017", "100018", "100056", "100062", "100073"
SECOND, THIRD = 2, 3


@dataclass(frozen=True)
class DemoProposal:
    """One proposal with its seconders and the steps that were taken, each on its day.

    Attributes:
        steps: day, transition, employee number of who took it (empty for the proposer, "-" for
            the portal itself), values; units and the main proposal by code and subject.
    """

    session: int
    proposer: str
    category: str
    subject: str
    reasons: str
    measures: str
    started: date
    seconds: tuple[tuple[date, str], ...] = ()
    steps: tuple[tuple[date, str, str, dict[str, Any]], ...] = ()
    handed_in: bool = True


def d(text: str) -> date:
    """Return a day of 2026."""
    return date.fromisoformat(f"2026-{text}")


def _reviewed(decision: tuple[date, str, str, dict[str, Any]], advice: str = "file") -> Any:
    """Return the steps of the review of the second session up to a decision."""
    return (
        (d("02-10"), "end_collection", "-", {}),
        (d("02-26"), "examine", UNION_STAFF, {"advice": advice, "note": "已核对内容与类别"}),
        decision,
    )


def _filed() -> Any:
    return _reviewed((d("03-05"), "file", UNION_CHAIR, {}))


PROPOSALS: tuple[DemoProposal, ...] = (
    DemoProposal(
        SECOND,
        "100044",
        "safety",
        "更换井下主运皮带机头照明",
        "主运皮带三个机头的灯是2016年装的，照度实测不到二十勒克斯。检修时要一手举矿灯一手干活，"
        "去年十月有一名工友因为看不清护栏缺口擦伤小腿。",
        "三个机头全部换成防爆LED灯，每处不少于四盏；检修平台加装应急照明；换下的灯由机电队统一报废。",
        d("01-12"),
        ((d("01-13"), "100045"), (d("01-14"), "100024"), (d("01-19"), "100053")),
        (
            *_filed(),
            (
                d("03-10"),
                "dispatch",
                UNION_STAFF,
                {
                    "lead": "QL-QS",
                    "helpers": ["QL-AJ"],
                    "instruction": "先保检修点，四月底前完成。",
                },
            ),
            (
                d("04-08"),
                "reply",
                QS,
                {
                    "result": "solved",
                    "reply": "三个机头共安装防爆LED灯十四盏，实测照度最低处六十二勒克斯；"
                    "检修平台应急灯"
                    "六盏，4月3日由安全监察部验收合格。原有灯具已登记报废。",
                },
            ),
            (d("04-10"), "approve_reply", UNION_STAFF, {}),
            (
                d("04-14"),
                "rate",
                "",
                {
                    "reply_level": 5,
                    "implementation_level": 5,
                    "words": "灯换了，护栏也一起补了，夜班的人都说亮堂。",
                },
            ),
        ),
    ),
    DemoProposal(
        SECOND,
        "100064",
        "conditions",
        "选煤厂筛分车间降噪",
        "筛分车间三层噪声九十四分贝，八小时巡检在里面要待三个小时。去年体检，该岗位二十二人里五人"
        "听力有变化。发的耳塞型号单一，小号戴不住。",
        "给两台分级筛加隔声罩，巡检点改为隔声小间；耳塞分大中小三个型号发放，每年测一次听力。",
        d("01-15"),
        ((d("01-16"), "100063"), (d("01-20"), "100076"), (d("01-22"), "100075")),
        (
            *_filed(),
            (
                d("03-10"),
                "dispatch",
                UNION_STAFF,
                {"lead": "QL-XM", "helpers": ["QL-AJ", "QL-RL"], "instruction": ""},
            ),
            (
                d("04-15"),
                "reply",
                XM,
                {"result": "planned", "reply": "已列入下半年技改计划，耳塞型号正在研究。"},
            ),
            (d("04-17"), "approve_reply", UNION_STAFF, {}),
            (
                d("04-21"),
                "again",
                "",
                {
                    "reply_level": 2,
                    "implementation_level": None,
                    "words": "",
                    "reason": "“正在研究”是研究到哪一天？耳塞不用技改，买三个型号就行。",
                },
            ),
            (
                d("05-20"),
                "reply",
                XM,
                {
                    "result": "under-way",
                    "reply": "三个型号的耳塞5月18日发放到人；隔声小间5月底完工；"
                    "两台分级筛的隔声罩已订货，"
                    "8月停产检修时安装。听力检查改为每年一次，今年安排在9月。",
                },
            ),
            (d("05-22"), "approve_reply", UNION_STAFF, {}),
            (
                d("05-26"),
                "rate",
                "",
                {"reply_level": 4, "implementation_level": 4, "words": "这次说清楚了。"},
            ),
        ),
    ),
    DemoProposal(
        SECOND,
        "100045",
        "safety",
        "井下皮带沿线照明不足",
        "主运皮带沿线除机头外还有四处拐弯没有灯，巡检工走过去只靠头灯。",
        "沿线四处拐弯各装一盏灯，与机头照明一起施工，少停一次机。",
        d("01-20"),
        ((d("01-21"), "100044"), (d("01-22"), "100082"), (d("01-23"), "100083")),
        _reviewed(
            (
                d("03-06"),
                "merge",
                UNION_CHAIR,
                {"main": "更换井下主运皮带机头照明", "reason": "与10-2-001内容相同，一并施工。"},
            ),
            "merge",
        ),
    ),
    DemoProposal(
        SECOND,
        "100076",
        "pay",
        "按学历统一上调岗位工资",
        "同一岗位本科和大专的工资一样，年轻人觉得书白读了。",
        "岗位工资按学历分三档，本科上调百分之十。",
        d("01-26"),
        ((d("01-27"), "100075"), (d("01-28"), "100064"), (d("01-29"), "100063")),
        _reviewed(
            (
                d("03-06"),
                "decline",
                UNION_CHAIR,
                {
                    "reason": "工资分配办法由集体协商确定，不属于提案审查范围；"
                    "本建议已转交工资集体协商"
                    "代表，6月协商时书面答复您。",
                },
            ),
            "decline",
        ),
    ),
    DemoProposal(
        SECOND,
        "100053",
        "life",
        "监控中心微波炉坏了没人修",
        "夜班带饭要加热，微波炉坏了三周。",
        "修好或者换一台。",
        d("02-02"),
        ((d("02-03"), "100082"), (d("02-04"), "100083"), (d("02-04"), "100024")),
        _reviewed(
            (
                d("03-06"),
                "turn",
                UNION_CHAIR,
                {
                    "turned_to": "opinion",
                    "reason": "单件维修不用等到大会，已按意见当天交北坡煤矿，3月6日下午换了新的。",
                },
            ),
            "turn",
        ),
    ),
    DemoProposal(
        SECOND,
        "100075",
        "training",
        "给每人发一套培训教材",
        "教材只有班组一套，轮着看。",
        "每人发一套。",
        d("01-19"),
        (),
        ((d("01-23"), "withdraw", "", {}),),
    ),
    DemoProposal(
        THIRD,
        "100024",
        "safety",
        "1307工作面增设避灾饮水和急救点",
        "1307工作面走向一千二百米，最近的急救箱在机头硐室，走过去要二十分钟。上月一名工友手指挤伤，"
        "止血带是从别的工作面借的。",
        "工作面中部和机尾各设一个急救点，配止血带、担架、饮水；每班一名持急救证的人，名字写在牌上。",
        d("11-03"),
        (
            (d("11-04"), "100044"),
            (d("11-04"), "100045"),
            (d("11-05"), "100082"),
            (d("11-06"), "100083"),
        ),
        (
            (d("11-09"), "pass_on", UNION_STAFF, {}),
            (
                d("11-10"),
                "examine",
                UNION_STAFF,
                {"advice": "file", "note": "安全类，建议先行立案"},
            ),
            (d("11-11"), "file", UNION_CHAIR, {}),
            (
                d("11-12"),
                "dispatch",
                UNION_STAFF,
                {
                    "lead": "QL-QS",
                    "helpers": ["QL-AJ", "QL-JH"],
                    "instruction": "急的先办，不等开会。",
                },
            ),
        ),
    ),
    DemoProposal(
        THIRD,
        "100063",
        "conditions",
        "浮选车间女更衣室扩建",
        "浮选、集控两个车间四十一名女职工共用二十二个更衣柜，交接班要排队，冬天湿衣服没有地方晾。",
        "把一层旧库房改成更衣室，柜子补到五十个，加一间烘干室。",
        d("11-03"),
        ((d("11-05"), "100064"), (d("11-05"), "100076"), (d("11-09"), "100075")),
        (
            (d("11-10"), "pass_on", UNION_STAFF, {}),
            (d("11-11"), "examine", UNION_STAFF, {"advice": "file", "note": "涉及女职工特殊保护"}),
            (d("11-12"), "file", UNION_CHAIR, {}),
            (
                d("11-13"),
                "dispatch",
                UNION_STAFF,
                {"lead": "QL-XM", "helpers": ["QL-CW"], "instruction": ""},
            ),
            (
                d("11-19"),
                "reply",
                XM,
                {
                    "result": "planned",
                    "reply": "旧库房12月5日前腾空，改造预算十一万元已列入明年一季度，3月8日前投用；"
                    "腾空前"
                    "先在二层会议室隔出十二个临时更衣柜，11月25日可用。",
                },
            ),
        ),
    ),
    DemoProposal(
        THIRD,
        "100082",
        "training",
        "救护队员复训与外部比武接轨",
        "每年复训的科目还是2019年那一套，外出比武时才发现人家练的是新型氧气呼吸器和灾区侦察机器人。",
        "复训科目每两年修订一次；每年选送四人到省队跟训；训练服装和仪器按新标准补齐。",
        d("11-04"),
        ((d("11-05"), "100083"), (d("11-06"), "100024"), (d("11-10"), "100053")),
        (
            (d("11-12"), "pass_on", UNION_STAFF, {}),
            (
                d("11-16"),
                "examine",
                UNION_STAFF,
                {"advice": "file", "note": "经费需人力资源部测算"},
            ),
        ),
    ),
    DemoProposal(
        THIRD,
        "100076",
        "life",
        "厂区晚班接送车增加化验班站点",
        "化验班二十三点下班，最近的站点在北门，走路十七分钟，冬天路滑没有灯。",
        "晚班车绕行化验楼一站，约多走八百米；站牌装感应灯。",
        d("11-06"),
        ((d("11-09"), "100075"), (d("11-10"), "100063"), (d("11-11"), "100064")),
        ((d("11-17"), "pass_on", UNION_STAFF, {}),),
    ),
    DemoProposal(
        THIRD,
        "100044",
        "training",
        "师带徒津贴随徒弟出师时间浮动",
        "现在师傅津贴不管带得快慢都是三百元，徒弟半年出师和一年半出师一个样。",
        "徒弟提前出师的，剩余月份津贴一次发给师傅一半；延期的，延期期间减半。",
        d("11-10"),
        ((d("11-12"), "100045"), (d("11-16"), "100024")),
    ),
    DemoProposal(
        THIRD,
        "100053",
        "management",
        "厂务公开栏把原件挂出来",
        "公开栏只写“已研究决定”，看不到是哪次会、谁签的字。职工问起来，班组长也说不清。",
        "公开的每一项都附原件扫描件，隐去个人信息；职工可以扫码提问，十五天内答复。",
        d("11-16"),
        ((d("11-18"), "100064"),),
    ),
    DemoProposal(
        THIRD,
        "100064",
        "production",
        "集控室报警分级，减少无效报警",
        "集控室一个班平均响四百多次报警，真正要处理的不到二十次，听多了就麻木。",
        "按处理时限把报警分三级，只有一级出声；每季度清理一次重复报警点。",
        d("11-19"),
    ),
    DemoProposal(
        THIRD,
        "100083",
        "conditions",
        "装备库加装除湿机",
        "夏天装备库湿度超过百分之八十，呼吸器面罩发霉过两次。",
        "装备库装两台除湿机，湿度记录挂墙上。",
        d("11-20"),
        handed_in=False,
    ),
)
