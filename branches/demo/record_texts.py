"""The records of the demo: planned, noticed, held, in review, reviewed, cancelled.

All people and events are invented. One vote has no quorum, one is not carried.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class RecordText:
    """One record.

    Attributes:
        hour: of the start; the meeting takes two hours.
        absent: employee number and reason of those who were away.
        others_away: how many more at the end of the roster were on shift.
        votes: matter, kind, against, abstained; the others were in favour.
        said: employee number of a speaker and what he said.
        to_do: what, by whom (employee number), until when, and when it was done or None.
        details: what the kind asks for.
    """

    branch: str
    state: str
    kind: str
    day: date
    topic: str
    agenda: tuple[str, ...]
    hour: int = 15
    absent: tuple[tuple[str, str], ...] = ()
    others_away: int = 0
    late: tuple[str, ...] = ()
    votes: tuple[tuple[str, str, int, int], ...] = ()
    minutes: str = ""
    said: tuple[tuple[str, str], ...] = ()
    to_do: tuple[tuple[str, str, date, date | None], ...] = ()
    account: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


RECORDS: tuple[RecordText, ...] = (
    # ---- Reviewed
    RecordText(
        *("DZ02", "reviewed", "general-meeting", date(2026, 10, 22)),
        "采煤一队党支部党员大会：马晓东同志转正前征求意见",
        ("通报马晓东同志预备期表现", "党员发表意见", "表决是否提前征求群众意见"),
        absent=(("100026", "on-shift"),),
        late=("100027",),
        votes=(("同意在本班组张贴征求意见公告", "meeting", 0, 0),),
        minutes="支部书记贺守田通报预备期考察情况，与会党员逐一发表意见，议定公告张贴五个工作日。",
        said=(
            ("100024", "小马支架检修记录写得细，但交接班说话太少，新人学不到。"),
            ("100023", "夏天顶板来压那一班，他最后一个撤，这一点要写进材料。"),
        ),
        to_do=(
            ("在联建楼公告栏张贴公告", "100021", date(2026, 10, 26), date(2026, 10, 23)),
            ("汇总群众意见并报党总支", "100021", date(2026, 11, 6), date(2026, 11, 5)),
        ),
        account="10月22日，采煤一队党支部召开党员大会，听取预备党员马晓东同志预备期情况汇报，党员逐一发表意见。",
    ),
    RecordText(
        *("DZ04", "reviewed", "general-meeting", date(2026, 10, 27)),
        "机电运输队党支部党员大会：年度评先推荐",
        ("通报评先条件", "民主推荐", "表决推荐人选"),
        absent=(("100044", "on-shift"), ("100045", "sick")),
        votes=(("推荐尹春生同志为优秀共产党员", "meeting", 2, 14),),
        minutes="推荐人选未获过半数赞成，支部决定先到班组听取意见，下次大会再议。",
        said=(("100046", "推荐谁都行，先把主井绞车夜班的意见听完。"),),
        to_do=(("到两个夜班听取意见", "100042", date(2026, 11, 13), date(2026, 11, 12)),),
        account="10月27日，机电运输队党支部召开党员大会，就年度评先广泛听取意见。",
    ),
    RecordText(
        *("DZ05", "reviewed", "committee-meeting", date(2026, 10, 20)),
        "通风瓦斯党支部支委会：研究四季度党课安排",
        ("确定党课题目", "确定主讲人"),
        hour=9,
        minutes="支委会研究确定四季度党课以停风事故处置为题，由支部书记主讲。",
        said=(("100052", "讲规程不如讲那十一分钟，大家都在场。"),),
        to_do=(("准备停风处置记录作教材", "100055", date(2026, 11, 10), date(2026, 11, 9)),),
    ),
    RecordText(
        *("DZ06", "reviewed", "theme-day", date(2026, 10, 16)),
        "选煤厂党支部主题党日：清理浮选车间地沟",
        ("安排分工", "集体劳动", "小结"),
        absent=(("100062", "duty-travel"),),
        minutes="党员分三组清理浮选车间地沟一百二十米，清出煤泥四车，查出盖板缺失三处。",
        to_do=(("补齐地沟盖板三块", "100065", date(2026, 10, 30), date(2026, 10, 28)),),
        account="10月16日，选煤厂党支部以“清一条沟、除三处险”为题开展主题党日，党员清理浮选车间地沟一百二十米。",
        details={"form": "义务劳动", "effect": "清出煤泥四车，发现并补齐缺失盖板三块。"},
    ),
    RecordText(
        *("DZ08", "reviewed", "group-meeting", date(2026, 10, 13)),
        "救护大队党员学习会：呼吸器自检为什么要两个人",
        ("学习操作规程", "现场演示", "讨论"),
        absent=(("100085", "holiday"),),
        minutes="任长河现场拆装呼吸器，关云峰讲了一次漏检的经过，大家认可双人自检。",
        said=(("100083", "一个人查，查的是顺序；两个人查，查的是对方。"),),
        to_do=(("制作双人自检卡", "100084", date(2026, 10, 31), None),),
    ),
    RecordText(
        *("DZ01", "reviewed", "party-class", date(2026, 10, 29)),
        "机关第一党支部党课：数字不会自己走路",
        ("党课", "提问"),
        absent=(("100001", "duty-travel"), ("100002", "duty-travel"), ("100018", "personal")),
        minutes="王志远讲三起报表差错如何层层放过，党员当场核对本部门十月份报表。",
        account="10月29日，机关第一党支部开展党课学习，结合三起报表差错讲“数字不会自己走路”。",
        details={"lecturer": "王志远", "hours": "2.0"},
    ),
    # ---- In review
    RecordText(
        *("DZ05", "in-review", "general-meeting", date(2026, 11, 12)),
        "通风瓦斯党支部党员大会：讨论发展对象",
        ("听取考察情况", "讨论", "表决"),
        absent=(("100055", "on-shift"),),
        votes=(("同意确定一名发展对象并报党委备案", "meeting", 0, 1),),
        minutes="大会听取组织委员汇报，党员发表意见后表决通过。",
        said=(("100056", "班中餐从不挑人，谁的班都顶过，这样的同志靠得住。"),),
        to_do=(("整理政审函调材料", "100051", date(2026, 12, 4), None),),
        account="11月12日，通风瓦斯党支部召开党员大会，讨论发展对象人选。",
    ),
    RecordText(
        *("DZ03", "in-review", "theme-day", date(2026, 11, 13)),
        "综掘队党支部主题党日：二采区避灾路线走一遍",
        ("讲解路线", "分组行走", "点评"),
        absent=(("100034", "on-shift"), ("100035", "on-shift")),
        minutes="党员带班组从掘进头走到安全出口，用时三十一分钟，发现反光牌脱落四处。",
        to_do=(("补装反光牌四块", "100036", date(2026, 11, 20), date(2026, 11, 18)),),
        account="11月13日，综掘队党支部党员带班组走避灾路线，发现并整改反光牌脱落四处。",
        details={"form": "现场演练", "effect": "走完全程三十一分钟，比去年快四分钟。"},
    ),
    RecordText(
        *("DZ02", "in-review", "life-meeting", date(2026, 11, 18)),
        "采煤一队党支部组织生活会",
        ("通报征求意见情况", "查摆问题", "开展批评和自我批评", "制定整改措施"),
        absent=(("100022", "sick"),),
        minutes="支部班子和党员围绕安全责任查摆问题十一条，逐条明确整改措施。",
        said=(("100025", "队部离面太远，我一个月下井次数够，待的时间不够。"),),
        to_do=(
            ("队干部每周跟班不少于两个整班", "100025", date(2026, 12, 31), None),
            ("建立支架检修问题回访本", "100027", date(2026, 12, 10), None),
        ),
        details={
            "opinions": "征求到群众意见二十三条，归并为九条，集中在跟班、领料和交接班。",
            "problems": "跟班走过场；材料领用等待时间长；交接班只签字不说事。",
        },
    ),
    RecordText(
        *("DZ08", "in-review", "other", date(2026, 11, 16)),
        "救护大队党支部：冬季训练党员带训怎么排",
        ("冬季训练党员带训", "组织生活会准备"),
        hour=10,
        minutes="议定由三名党员分别带训高温浓烟、破拆和心肺复苏三个科目。",
        to_do=(("排出带训表", "100081", date(2026, 11, 25), None),),
    ),
    # ---- Held, minutes being written
    RecordText(
        *("DZ02", "held", "general-meeting", date(2026, 11, 20)),
        "采煤一队党支部党员大会：补选宣传委员",
        ("通报支部委员空缺情况", "补选宣传委员"),
        absent=(("100022", "sick"), ("100026", "on-shift"), ("100027", "on-shift")),
        others_away=6,
        votes=(("补选宋逸同志为宣传委员", "election", 0, 0),),
        minutes="有选举权的党员到会不足五分之四，本次不进行选举，改期另行通知。",
    ),
    RecordText(
        *("DZ05", "held", "theme-day", date(2026, 11, 19)),
        "通风瓦斯党支部主题党日：给备用传感器贴封签",
        ("核对编号", "贴封签", "抽查"),
        late=("100054",),
        details={"form": "岗位实践"},
    ),
    RecordText(
        *("DZ04", "held", "committee-meeting", date(2026, 11, 19)),
        "机电运输队党支部支委会：听取夜班意见汇报",
        ("听取汇报", "研究评先推荐"),
        minutes="听取两个夜班意见汇报，拟在十二月党员大会重新推荐。",
    ),
    RecordText(
        *("DZ06", "held", "party-class", date(2026, 11, 18)),
        "选煤厂党支部党课：从一块矸石看质量责任",
        ("党课", "讨论"),
        absent=(("100062", "duty-travel"),),
        details={"lecturer": "赵春梅", "hours": "1.5"},
    ),
    # ---- Notice given; the day is moved ahead when the demo is loaded
    RecordText(
        *("DZ02", "notified", "theme-day", date(2026, 11, 27)),
        "采煤一队党支部主题党日：给顺槽管路挂名牌",
        ("分段认领", "挂牌", "小结"),
        absent=(("100026", "on-shift"),),
    ),
    RecordText(
        *("DZ05", "notified", "life-meeting", date(2026, 12, 3)),
        "通风瓦斯党支部组织生活会",
        ("通报征求意见情况", "查摆问题", "批评和自我批评"),
        absent=(("100053", "personal"),),
    ),
    RecordText(
        *("DZ01", "notified", "general-meeting", date(2026, 12, 2)),
        "机关第一党支部党员大会：四季度工作和评议安排",
        ("四季度工作", "民主评议安排"),
    ),
    RecordText(
        *("DZ07", "notified", "group-meeting", date(2026, 11, 30)),
        "热电厂党支部党员学习会：供热季值班纪律",
        ("学习值班制度", "讨论"),
    ),
    # ---- Planned
    RecordText(
        *("DZ02", "planned", "appraisal", date(2026, 12, 18)),
        "采煤一队党支部民主评议党员",
        ("个人自评", "党员互评", "民主测评"),
    ),
    RecordText(
        *("DZ03", "planned", "general-meeting", date(2026, 12, 8)),
        "综掘队党支部党员大会：四季度小结",
        ("四季度小结", "讨论明年计划"),
    ),
    RecordText(
        *("DZ04", "planned", "general-meeting", date(2026, 12, 10)),
        "机电运输队党支部党员大会：重新推荐评先人选",
        ("通报夜班意见", "民主推荐", "表决"),
    ),
    RecordText(
        *("DZ05", "planned", "appraisal", date(2026, 12, 17)),
        "通风瓦斯党支部民主评议党员",
        ("个人自评", "党员互评", "民主测评"),
    ),
    RecordText(
        *("DZ06", "planned", "life-meeting", date(2026, 12, 15)),
        "选煤厂党支部组织生活会",
        ("征求意见情况", "查摆问题", "整改措施"),
    ),
    RecordText(
        *("DZ08", "planned", "theme-day", date(2026, 12, 4)),
        "救护大队党支部主题党日：宪法宣传进井口",
        ("宣讲", "答疑"),
    ),
    # ---- Cancelled
    RecordText(
        *("DZ03", "cancelled", "party-class", date(2026, 11, 17)),
        "综掘队党支部党课：锚杆扭矩的学问",
        ("党课",),
        reason="当日突发顶板淋水，党员全部参加处置，党课改在十二月。",
    ),
    RecordText(
        *("DZ08", "cancelled", "group-meeting", date(2026, 11, 11)),
        "救护大队党员学习会：消防日开放活动准备",
        ("分工",),
        reason="外出救援，未能召开。",
    ),
)
SUPPLEMENT = (
    "通风瓦斯党支部支委会：研究四季度党课安排",
    "会后经向党委报告，党课时间由11月16日调整为11月17日，其他议定事项不变。",
    "时间调整",
)
TALKS: tuple[tuple[str, str, str, str, date, str], ...] = (
    (
        "DZ02",
        "talk",
        "100020",
        "100024",
        date(2026, 11, 9),
        "谈夜班带徒：段里打算让他带两名新工，他担心检修时间不够，商定先带一名，年底再看。",
    ),
    (
        "DZ02",
        "talk",
        "100024",
        "100028",
        date(2026, 11, 10),
        "谈预备期最后两个月：多在班前会上说话，把检修本上的话讲给大家听。",
    ),
    (
        "DZ02",
        "criticism",
        "100025",
        "100023",
        date(2026, 11, 16),
        "互相指出跟班只看不说的毛病，约定每次跟班至少当面指出一个问题。",
    ),
    (
        "DZ05",
        "talk",
        "100050",
        "100054",
        date(2026, 11, 6),
        "谈瓦检班排班：连续三个夜班后安排两天休息，先试行一个月。",
    ),
)
