"""News and notices that still wait, and remarks added afterwards."""

from __future__ import annotations

from datetime import date

from portal.demo.notice_text import NoticeText
from portal.demo.texts import Correction, DemoText, prose

OPEN_NEWS: tuple[DemoText, ...] = (
    DemoText(
        audience="public",
        key="2026-11-20-winter-safety-inspection",
        title="集团冬季安全检查组进驻青石梁煤矿：先看澡堂再看井口",
        summary="检查组用四天看了六十二处，第一份问题清单从职工最常走的路开始。",
        unit="QL-AJ",
        date=date(2026, 11, 20),
        picture="headframe",
        state="in_review",
        body=(
            prose("""
11月16日至20日，集团冬季安全检查组在青石梁煤矿看了六十二处。严守成没有从会议室开始，带人先走了一
遍工人上班的路：宿舍、食堂、澡堂、更衣室、井口。

这条路上查出问题十一条。澡堂出口的水流到井口前结冰，半个月摔过三个人，都没有报；更衣室两扇防火门
被桶顶住；井口候罐室取暖器离电缆四十厘米。井下五十一处查出问题二十三条，其中一条按重大隐患程序报
告，已停止作业处理。

检查组约定12月4日回来，先走同一条路，再看同样的六十二处。
"""),
        ),
    ),
    DemoText(
        audience="public",
        key="2026-11-19-portal-first-month",
        title="“党群之家”试运行首月：搜得最多的两个字是“班车”",
        summary="一千九百人次登录，四十七条意见改了三十六条，旧网站访问量降到一成。",
        unit="QL-DQ",
        date=date(2026, 11, 19),
        state="draft",
        body=(
            prose("""
门户试运行满十八天，登录一千九百零四人，搜索一万一千次，搜得最多的词依次是“班车”“食堂”“住房”“体
检”“换届”。长辈版打开过二百三十次，其中一半是在家属区的手机上。

收到意见四十七条，改了三十六条。没有改的十一条里，有四条是希望不登录就能看支部活动，这一条暂时不
改，理由写在首页的说明里。
"""),
        ),
    ),
)

OPEN_NOTICES: tuple[NoticeText, ...] = (
    NoticeText(
        key="2026-11-20-new-year-roster",
        title="关于报送2027年元旦、春节值班安排的通知",
        summary="12月10日前报送，带班领导和值班党员不得代签。",
        unit="QL-DQ",
        date=date(2026, 11, 20),
        audience="public",
        state="returned",
        return_reason="2027年放假安排还没有公布，不要先写日期；改成“以国家公布为准”后再报。",
        document_number="沁岚党发〔2026〕32号",
        valid_from=date(2026, 11, 20),
        valid_to=date(2027, 2, 28),
        body=(
            prose("""
各单位：请于12月10日前报送2027年元旦、春节值班安排。每班须有一名带班领导、一名党员，姓名、电话、
班次逐项填写，不得代签，不得以“另行通知”代替。

井工矿带班下井的安排另表报送，与值班表不一致的，以带班表为准。换班须双方签字，并在换班前报调度
室。节日期间纪委监督部和安全监察部联合抽查，脱岗的当天通报。
"""),
        ),
    ),
)

NEWS_CORRECTIONS: tuple[Correction, ...] = (
    Correction(
        key="2026-10-29-early-heating",
        date=date(2026, 11, 18),
        state="returned",
        return_reason="“全部达标”与热电厂党支部入户测得三户不足十八度不符，请改为实际达标率。",
        remark=prose("""
**补充说明：**截至11月18日，城南片区十九个小区室温全部达标。
"""),
    ),
)
