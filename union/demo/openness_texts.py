"""Public replies, disclosed matters and the bulletin of the demo company; all invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.demo.texts import DemoText, Table, prose


@dataclass(frozen=True, kw_only=True)
class ReplyText(DemoText):
    """A public reply: its category, and what changed."""

    category: str
    improvement: str = ""


@dataclass(frozen=True, kw_only=True)
class DisclosureText(DemoText):
    """A disclosed matter; `date` is the day of disclosure."""

    category: str
    form: str
    checked_by: str
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class BulletinText(DemoText):
    """The bulletin of a year with its frozen numbers."""

    year: int
    figures: dict[str, Any]


REPLIES: tuple[ReplyText, ...] = (
    ReplyText(
        key="reply-hot-meals",
        title="零点班能不能吃上热饭",
        summary="零点班供餐窗口延长到次日一点，执行一个月后由班组代表打分。",
        unit="QL-GH",
        date=date(2026, 10, 29),
        category="canteen",
        improvement="零点班供餐窗口延长到次日一点",
        body=(
            prose("""
## 职工反映

下零点班的职工到食堂时，窗口已经收了，只剩凉馒头和咸菜。大家不求花样多，希望能有一口热的，最好有汤。

## 办理答复

工会会同后勤部门跟了四个夜班，情况属实：升井时间推迟以后，供餐时间一直没有跟着调整。

- 自十月二十六日起，零点班供餐窗口延长到次日一点，供应两样热菜、面食和热汤。
- 增加一名夜班炊事员，费用从食堂补贴中列支，不涨菜价。
- 每月底由班组代表现场打分，连续两个月低于八十分的，食堂承包单位按合同扣减管理费。

供餐时间今后随作业时间一起调整：调度室改动班次时，同时通知后勤部门。有做得不到位的地方，请继续在意见箱里说，我们按月公布打分结果。
"""),
        ),
    ),
    ReplyText(
        key="reply-late-bus",
        title="中班下班赶不上末班车",
        summary="北坡线加开二十二点四十分一班，先试行三个月。",
        unit="QL-GH",
        date=date(2026, 11, 5),
        category="canteen",
        improvement="北坡线加开22:40一班通勤车",
        body=(
            prose("""
## 职工反映

中班下班洗完澡已经过了十点，末班通勤车早走了。有人拼车，有人在更衣室坐到天亮，冬天路滑更不放心。

## 办理答复

工会和车队一起统计了两周的乘车人数，中班下班后需要回生活区的平均每天三十一人，确有必要加班次。

1. 自十一月一日起，北坡线在二十二点四十分加开一班，沿途停靠站不变，试行三个月。
2. 遇大雪、结冰封路，车队提前一小时在各区队群里通知，并安排值班室休息。
3. 试行期满按乘车人数决定是否固定下来；少于十五人时改用中巴，不取消。

车上放了意见簿，司机每周交工会一次。拼车的同志请注意安全，不要乘坐没有营运资格的车辆。
"""),
        ),
    ),
    ReplyText(
        key="reply-gloves",
        title="手套三天就磨破，能不能分岗位发",
        summary="支护岗位改发加厚耐磨手套，其他岗位不变。",
        unit="QL-GH",
        date=date(2026, 11, 13),
        category="protection",
        improvement="支护岗位改发加厚耐磨手套，每季四双",
        body=(
            prose("""
## 职工反映

统一发的手套薄，干支护的三天就磨出洞，别的岗位一个季度也用不完。建议分岗位发，总的费用差不多。

## 办理答复

物资部门取来三种手套，在两个支护班组试用了两周，由班组填写磨损记录，结果与反映的一致。

- 自十二月起，支护岗位改发加厚耐磨型，每人每季四双；其他岗位仍发原来的型号，每季两双。
- 现有库存先发给不直接接触锚杆、钢筋的岗位，不浪费。
- 手上有破损的，随时到区队材料员处以旧换新，不占定额。

劳动防护用品的发放标准由安全监察部每年修订一次。明年修订前，工会会再到井口听一次意见，请大家平时把各岗位的实际用量记下来。
"""),
        ),
    ),
    ReplyText(
        key="reply-overtime-slip",
        title="工资条上看不明白加班是怎么算的",
        summary="解释加班的统计口径；工资条自十一月起分列三项。",
        unit="QL-GH",
        date=date(2026, 11, 18),
        category="pay",
        improvement="工资条分列三种加班的天数和金额",
        body=(
            prose("""
## 职工反映

工资条上只有一个加班合计数。平时延时、休息日和节假日的倍数不一样，本人没法核对，问区队也说不清楚。

## 办理答复

经与人力资源部核对，计算本身没有错，但是工资条的写法确实让人看不明白。

- 延长工作时间的按百分之一百五十，休息日又不能补休的按百分之二百，法定休假日的按百分之
  三百支付，依据是劳动法第四十四条。
- 自十一月工资条起，三项分列，写明天数、基数和金额。
- 对记录有疑问的，可以在次月十日前向区队考勤员提出，五个工作日内书面答复；
  仍有异议的，由人力资源部和工会共同核对。

顶班的记录以考勤机和班组派工单为准，请大家顶班当天在派工单上签字，以后核对起来有依据，也免得事后说不清。
"""),
        ),
    ),
)

DISCLOSURES: tuple[DisclosureText, ...] = (
    DisclosureText(
        key="disclosure-receptions-q3",
        title="2026年三季度业务招待费使用情况",
        summary="三季度业务招待费支出、标准和监督情况，接受职工询问。",
        unit="QL-CW",
        date=date(2026, 10, 20),
        category="receptions",
        form="intranet",
        checked_by="贾敏",
        until=date(2026, 12, 31),
        body=(
            prose("""
三季度集团本部发生业务招待费九万六千四百元，占年度预算的百分之十七，比去年同期下降百分之十一，共接待来访单位二十三批。

- 全部为公务用餐和会务用餐，没有列支礼品、烟酒和旅游费用。
- 每批接待都有派出单位公函、审批单和菜单，三单齐全方可报销。
- 人均用餐标准不超过一百二十元，陪餐人数不超过来访人数的三分之一。

纪委监督部在九月抽查了八批，发现一批陪餐人数超出一人，费用已由经办部门承担并作了说明。年初至今累计支出二十八万三千元，占年度预算的百分之五十。职工对其中任何一笔有疑问，可以在本页实名提问，财务部三十日内答复。
"""),
        ),
    ),
    DisclosureText(
        key="disclosure-bolts-purchase",
        title="2026年下半年支护材料采购结果",
        summary="锚杆、锚索和金属网的采购方式、评审结果和价格。",
        unit="QL-QS",
        date=date(2026, 9, 15),
        category="purchasing",
        form="board",
        checked_by="孙立军",
        until=date(2026, 12, 15),
        body=(
            prose("""
下半年支护材料采购经公开招标完成，公告挂网二十日，七家单位投标，六家通过资格审查，评标委员会由五名随机抽取的专家和两名职工代表组成。

- 锚杆：中标价比上半年下降百分之三点二，供货期为合同签订后三十日。
- 锚索：中标价与上半年持平，增加了每批抽检两次的要求。
- 金属网：一家单位样品拉力试验不合格，按招标文件取消资格。

评标过程全程录像，保存三年。两名职工代表对样品的耐磨和防锈提出了三条意见，都写进了合同。货到后由物资、技术和使用区队三方验收，不合格的当场退回，并记入供应商评价。对采购过程有疑问的，请在截止日前提问。
"""),
        ),
    ),
    DisclosureText(
        key="disclosure-training-plan",
        title="2026年职工教育经费使用计划及执行情况",
        summary="全年培训经费的安排、已执行部分和下季度打算。",
        unit="QL-RL",
        date=date(2026, 7, 10),
        category="interests",
        form="meeting",
        checked_by="吴婷",
        until=None,
        body=(
            prose("""
全年职工教育经费预算二百一十万元，其中不少于百分之六十用于一线职工，上半年执行一百零二万元，一线职工占百分之六十七。

- 特种作业人员取证和复审：四百一十六人，合格率百分之九十八点六。
- 岗位技能提升：采掘、机电、运输三个工种共九期，三百二十八人参加。
- 班组长轮训：四期，一百二十人，占全体班组长的百分之七十一。

下半年重点是智能化工作面操作和应急救援两项。培训占用休息时间的，按规定给予补休或者加班工资。各单位报名人数每月在公开栏公布，名额紧张时优先安排五年内没有参加过培训的职工。对经费的安排有不同意见，也可以在本页提出。
"""),
        ),
    ),
    DisclosureText(
        key="disclosure-welfare-2026",
        title="2026年前三季度职工福利费和工会经费收支",
        summary="福利费、工会经费的收入、支出和结余，按项目列出。",
        unit="QL-GH",
        date=date(2026, 10, 12),
        category="welfare",
        form="congress",
        checked_by="杜文渊",
        until=date(2027, 1, 31),
        body=(
            prose("""
前三季度职工福利费支出四百八十六万元，工会经费收入一百七十三万元、支出一百四十一万元，均在预算之内，并经工会经费审查委员会审查。
"""),
            Table(
                "前三季度主要支出（万元）",
                ("项目", "预算", "支出", "说明"),
                (
                    ("食堂补贴", "260", "198", "含夜班热餐补贴"),
                    ("健康体检", "120", "117", "应检人员全部完成"),
                    ("困难帮扶", "60", "43", "帮扶一百一十二户"),
                    ("文体活动", "48", "31", "含职工运动会"),
                    ("夏送清凉", "36", "36", "已全部发放到班组"),
                ),
            ),
            prose("""
困难帮扶按户公示，公示时不出现本人姓名，只写单位和编号。体检费用结余不转作他用，留待年底补检。对任何一项支出有疑问，可以在本页提问，由工会财务在三十日内答复，答复对全体职工公开。
"""),
        ),
    ),
)

_HEADING = ["收到", "已答复", "中位用时（工作日）", "逾期（%）", "满意（%）"]
_QUARTERS: list[list[Any]] = [
    ["1季度", 38, 38, 7.0, 8, 87],
    ["2季度", 44, 44, 6.0, 5, 91],
    ["3季度", 41, 41, 6.0, 2, 90],
    ["4季度", 53, 48, 5.0, 4, 92],
]
_CATEGORIES: list[list[Any]] = [
    ["薪酬福利", 29, 29, 8.0, 7, 83],
    ["劳动安全与防护", 31, 31, 4.0, 0, 94],
    ["工作条件与环境", 22, 22, 6.0, 5, 90],
    ["食堂班车公寓", 47, 42, 5.0, 4, 93],
    ["考勤休假", 18, 18, 7.0, 6, 88],
    ["职业发展与培训", 11, 11, 6.0, 0, 91],
    ["心理支持", None, None, None, None, None],
    ["困难帮扶", None, None, None, None, None],
    ["其他", 8, 8, 6.0, None, None],
    ["合计", 176, 171, 6.0, 5, 90],
]
BULLETIN_FIGURES: dict[str, Any] = {
    "year": 2025,
    "tables": [
        {
            "code": "by-category",
            "title": "按类别",
            "heading": ["类别", *_HEADING],
            "rows": _CATEGORIES,
        },
        {
            "code": "by-quarter",
            "title": "按季度",
            "heading": ["季度", *_HEADING],
            "rows": _QUARTERS,
        },
    ],
}


def _rows(rows: list[list[Any]]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (str(row[0]), *("—" if value is None else f"{value:g}" for value in row[1:]))
        for row in rows
    )


BULLETINS: tuple[BulletinText, ...] = (
    BulletinText(
        key="opinion-bulletin-2025",
        title="2025年职工意见办理公报",
        summary="全年收到职工意见176件，答复171件，评价满意的占九成。",
        unit="QL-GH",
        date=date(2026, 1, 20),
        year=2025,
        figures=BULLETIN_FIGURES,
        body=(
            prose("""
本公报的数字以各季度统计为准。不足五件的项目和据此可以推算出它的项目不公布，以“—”表示。廉洁举报由纪检部门办理，不在统计之内。
"""),
            Table("按类别", ("类别", *_HEADING), _rows(_CATEGORIES)),
            Table("按季度", ("季度", *_HEADING), _rows(_QUARTERS)),
        ),
    ),
)
