"""The words of the demo's rounds. All people, posts and figures are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DemoNominee:
    """One nominee.

    Attributes:
        person: employee number of who is nominated, or answers for the post.
        by: login of who nominates; secretary: of who writes down what the branch says.
        mark: what the judges give, of 100; from 85 on it is chosen.
        goes_to: how far it comes while nominations run: draft, submitted or recommended.
    """

    kind: str
    name: str
    unit: str
    branch: str
    by: str
    secretary: str
    brief: str
    deeds: str
    person: str = ""
    position: str = ""
    days: int | None = None
    hazards: int | None = None
    before: str = ""
    after: str = ""
    opinion: str = "支部党员大会评议，同意推荐。"
    attended: int = 24
    mark: int = 0
    goes_to: str = "recommended"


@dataclass(frozen=True)
class DemoRound:
    """One round.

    Attributes:
        days: prepared, opened, nominated; then closed, examined, judged, on notice, objected;
            then dismissed, notice over, decided. A round that still runs stops on the way.
    """

    title: str
    year: int
    requirements: str
    closes_on: date
    assembly_on: date
    seats: int
    quota: int
    nominees: tuple[DemoNominee, ...]
    days: tuple[date, ...]
    objection: str = ""
    decision_number: str = ""
    decision_title: str = ""


ROUNDS: tuple[DemoRound, ...] = (
    DemoRound(
        title="vanguard-post",
        year=2025,
        requirements=(
            "各支部在一线岗位中推荐，附岗位事迹、近一年安全记录和岗位合影一张。\n"
            "推荐前须经支部党员大会评议，到会过半数同意。"
        ),
        closes_on=date(2025, 11, 14),
        assembly_on=date(2025, 11, 7),
        seats=2,
        quota=1,
        nominees=(
            DemoNominee(
                "branch",
                "副井信号岗",
                "QL-QS-JY",
                "DZ04",
                "100040",
                "100040",
                "全年发出信号三万一千次，无一差错",
                "副井信号岗四名信号工，三名党员。2025年发出信号三万一千次，手指口述逐次执行，没有一次差错。"
                "他们把十七种异常信号编成顺口溜，新工人一周就能背下来。",
                person="100044",
                position="机电运输队",
                days=1460,
                hazards=22,
                before="异常信号靠老师傅口传，新工人三个月才敢单独上岗",
                after="编成口诀和图卡，一周能背，一个月考核上岗",
                mark=93,
            ),
            DemoNominee(
                "branch",
                "水处理化验岗",
                "QL-RD",
                "DZ07",
                "100071",
                "100071",
                "每班多取一次样，避免两次炉水超标",
                "水处理化验岗在规定的每班三次取样之外，交接班时两人同取一次。2025年由此提前发现两次炉水指标"
                "上升趋势，在超标以前调整加药，没有影响供热。",
                position="化学车间",
                days=730,
                hazards=15,
                mark=90,
            ),
            DemoNominee(
                "branch",
                "装车计量岗",
                "QL-XM",
                "DZ06",
                "100060",
                "100060",
                "全年装车四千一百列，计量误差低于千分之二",
                "装车计量岗三班倒，全年装车四千一百列，计量误差低于千分之二。岗位上还建了一本错误本，谁读错"
                "一次记一次，年底一起看。",
                position="运销车间",
                days=540,
                hazards=8,
                mark=78,
            ),
        ),
        days=(
            date(2025, 10, 20),
            date(2025, 10, 22),
            date(2025, 11, 10),
            date(2025, 11, 17),
            date(2025, 11, 24),
            date(2025, 12, 1),
            date(2025, 12, 8),
            date(2025, 12, 10),
            date(2025, 12, 12),
            date(2025, 12, 24),
            date(2025, 12, 26),
        ),
        objection=(
            "副井信号岗十一月三日下午有一段时间岗位上没有人，请核查是不是脱岗，再决定是否表彰。"
        ),
        decision_number="沁岚党发〔2025〕36号",
        decision_title="关于授予副井信号岗等2个岗位2025年度“党员先锋岗”称号的决定",
    ),
    DemoRound(
        title="vanguard-post",
        year=2026,
        requirements=(
            "各支部推荐一个岗位，附岗位事迹和近一年安全记录。机关科室岗位比例不超过三分之一。\n"
            "推荐前须经支部党员大会评议，到会过半数同意。"
        ),
        closes_on=date(2026, 10, 30),
        assembly_on=date(2026, 10, 23),
        seats=2,
        quota=1,
        nominees=(
            DemoNominee(
                "branch",
                "地面监控岗",
                "QL-BP-TF",
                "DZ05",
                "100050",
                "100050",
                "全年处置瓦斯预警四十六次，平均响应一分五十秒",
                "地面监控岗五名监测工，二十四小时盯着井下二百一十个传感器。2026年处置瓦斯预警四十六次，平均"
                "响应一分五十秒，比规定快三分钟；误报逐条查到原因，误报率降了一半。",
                person="100053",
                position="监控中心",
                days=1095,
                hazards=31,
                before="预警后打电话逐级报告，平均五分钟",
                after="一键通知瓦检员、调度和值班领导，平均一分五十秒",
                mark=94,
            ),
            DemoNominee(
                "branch",
                "呼吸器装备岗",
                "QL-JH",
                "DZ08",
                "100080",
                "100084",
                "一千二百件装备周周过手，出警三十八次零故障",
                "呼吸器装备岗管着一千二百余件救护装备，每周过手一遍。2026年出警三十八次，装备零故障；为各矿"
                "培训兼职救护队员一百二十人次。",
                position="装备科",
                days=1800,
                hazards=19,
                mark=91,
            ),
            DemoNominee(
                "branch",
                "采掘地测岗",
                "QL-QS-ZJ",
                "DZ03",
                "100030",
                "100030",
                "地质预报七十四期，断层预报准确",
                "采掘地测岗全年发布地质预报七十四期，三处断层都在揭露以前报出，掘进没有因为地质原因停工。",
                position="地测组",
                days=900,
                hazards=12,
                mark=82,
            ),
        ),
        days=(
            date(2026, 10, 9),
            date(2026, 10, 12),
            date(2026, 10, 27),
            date(2026, 11, 2),
            date(2026, 11, 9),
            date(2026, 11, 13),
            date(2026, 11, 18),
            date(2026, 11, 20),
        ),
        objection=(
            "呼吸器装备岗九月份有一次出警前的气密检查记录是事后补写的，请核实后再定，我愿意说明情况。"
        ),
    ),
    DemoRound(
        title="model-worker",
        year=2026,
        requirements=(
            "可以自荐，也可以由同事或者支部推荐。附本人事迹材料，写清在哪里做了什么、数据是多少。\n"
            "一线职工比例不低于百分之六十，经职工代表大会或者职工大会讨论通过后逐级审核。"
        ),
        closes_on=date(2026, 12, 11),
        assembly_on=date(2026, 11, 19),
        seats=5,
        quota=2,
        nominees=(
            DemoNominee(
                "branch",
                "孟凡林",
                "QL-BP-TF",
                "DZ05",
                "100050",
                "100050",
                "瓦斯检查二十一年，漏检为零",
                "孟凡林从事瓦斯检查二十一年，没有一次漏检。2026年带班查出隐患六十四条，带出的两名徒弟在集团"
                "技术比武中进入前三名。",
                person="100054",
            ),
            DemoNominee(
                "other",
                "龚海波",
                "QL-RD",
                "DZ07",
                "100076",
                "100071",
                "供热高峰期连续值守，非计划停运为零",
                "龚海波担任锅炉运行值长九年。上个供热季连续运行一百二十六天，非计划停运为零；他提出的吹灰程序"
                "调整，每天少用汽两吨。",
                person="100074",
                goes_to="submitted",
            ),
            DemoNominee(
                "self",
                "马晓东",
                "QL-QS-CM",
                "DZ02",
                "100028",
                "100020",
                "发现断销，避免一次支架倒架",
                "四月一个夜班，我在检查时发现71号支架护帮板的销子外露多了五毫米，坚持停机更换，拆下来里面断了"
                "一半。全年参与检修支架四百余架次，没有返工。",
                person="100028",
                goes_to="submitted",
            ),
            DemoNominee(
                "other",
                "蒋莉莉",
                "QL-XM",
                "DZ06",
                "100063",
                "100060",
                "十七次拒绝带病开车",
                "蒋莉莉是选煤厂集控岗岗位长，全年十七次拒绝带病开车，每一次都在本子上写清时间、设备和原因，没"
                "有一次被证明是多余的。",
                person="100064",
                goes_to="draft",
            ),
        ),
        days=(date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 20)),
    ),
)
