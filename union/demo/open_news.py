"""Union news that still waits for the chair, and remarks added afterwards."""

from __future__ import annotations

from datetime import date

from portal.demo.texts import Correction, prose
from union.demo.texts import UnionText

OPEN_UNION_NEWS: tuple[UnionText, ...] = (
    UnionText(
        key="2026-11-19-night-bus-first-weeks",
        title="北坡线22:40班车开行两周半：平均每晚坐十二个人",
        summary="试行过半，乘车人数达标，意见集中在停靠点没有灯。",
        unit="QL-GH",
        date=date(2026, 11, 19),
        picture="community",
        state="in_review",
        body=(
            prose("""
北坡线22:40一班11月2日开行，到11月19日共十八晚，累计乘车二百一十九人次，平均每晚十二人，超过九人
的试行线。最多的一晚二十三人，最少的一晚五人，是下雪的11月8日。

工会干事跟车三晚，收到意见九条：清泉镇路口没有灯，等车的人司机看不见；车上暖风后排不热；时刻牌贴
得太高。时刻牌当周降低，后排暖风11月15日修好，路灯需要与镇里协调，先装了一盏太阳能灯。

12月2日试行期满，是否固定下来，将连同每晚人数一并公布。
"""),
        ),
    ),
    UnionText(
        key="2026-11-17-apprentice-contracts",
        title="三十四对师徒签约：合同里写清师傅教什么、几天教会",
        summary="新一批名师带徒启动，出师由第三方考，考不过师徒一起补。",
        unit="QL-GH",
        date=date(2026, 11, 17),
        picture="skills",
        state="in_review",
        body=(
            prose("""
11月17日，集团工会和人力资源部组织三十四对师徒签约，涉及电钳工、瓦检员、集控员等九个工种。合同只
有一页，写三样：教会哪几件事，各用多少天，由谁来考。

与往年不同，出师不再由师傅签字，由别的单位的技师来考；考不过，师徒一起补课，补课费由工会出。师傅
津贴每月三百元，徒弟出师一次性发一半，半年后徒弟没有违章再发另一半。

祁东升带的是他的第四个徒弟。他在合同的空白处加了一行：先教停电，再教送电。
"""),
        ),
    ),
    UnionText(
        key="2026-11-14-women-health-check",
        title="女职工专项体检：四百零六人里查出需要复查的三十一人",
        summary="体检分八个半天错开班次，结果只交本人，单位看不到。",
        unit="QL-GH",
        date=date(2026, 11, 14),
        picture="canteen",
        state="in_review",
        body=(
            prose("""
11月3日至14日，集团工会组织女职工专项体检，应检四百二十八人，实检四百零六人，未检的二十二人因出
差、休假等安排在12月补检。

体检分八个半天，按三班倒的班表错开，选煤厂、监控中心各留一个晚间场。结果由医院封好直接交给本人，
工会只收到一个数字：建议复查三十一人。复查费用由工会专项经费承担一半，凭票据报销，不写病名。

有职工提出体检地点没有哺乳室，第五场起已借用医院二楼的一间诊室。
"""),
        ),
    ),
)

UNION_CORRECTIONS: tuple[Correction, ...] = (
    Correction(
        key="2026-11-05-you-said",
        date=date(2026, 11, 18),
        state="returned",
        return_reason="“基本换完”是多少？请写清换了几盏、还差几盏、哪天完成。",
        remark=prose("""
**补充说明：**1307工作面照明灯具已基本换完。
"""),
    ),
    Correction(
        key="2026-06-18-rationalization-awards",
        date=date(2026, 11, 19),
        state="draft",
        remark=prose("""
**补充说明：**九月重报的八条建议中，六条采纳、两条不采纳，奖金随十一月工资发放。
"""),
    ),
    Correction(
        key="2026-05-18-counselling",
        date=date(2026, 11, 20),
        state="returned",
        return_reason="不要写单位和工种，人数少，容易猜到是谁。只写总次数。",
        remark=prose("""
**补充说明：**到十月底预约增加到四十二人次，其中选煤厂夜班女职工三人次。
"""),
    ),
)
