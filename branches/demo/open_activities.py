"""Activities that still wait for a second pair of eyes, and remarks added afterwards."""

from __future__ import annotations

from datetime import date

from branches.demo.texts import ActivityText
from portal.demo.texts import Correction, Quotation, prose

OPEN_ACTIVITIES: tuple[ActivityText, ...] = (
    ActivityText(
        key="2026-11-18-group-sensor-calibration",
        title="通风瓦斯党支部第二党小组会：传感器校验不能只看合格证",
        summary="党小组拆开十五天校验记录，发现两台备用传感器从未上过井。",
        unit="DZ05",
        date=date(2026, 11, 18),
        picture="control",
        activity_kind="group-meeting",
        place="北坡煤矿通风楼一层学习室",
        host="侯志平",
        recorder="岳红霞",
        state="in_review",
        body=(
            prose("""
11月18日中班前，第二党小组九名党员开会，议题是传感器校验。岳红霞把近三个月的校验台账铺在桌上：二
百一十台在用传感器，十五天一校，合格证一张不缺；可三十台备用件里，有两台的领用栏一直空着，校验栏
却每次都打勾。

大家没有追问是谁打的勾，先问为什么会打。原来备用件放在库房最里面一格，校验时按架子数，数够三十就
算校过。会议议定，备用件按编号校，校一台贴一张带日期的封签；每月由一名不管仪器的党员抽三台，当面
通标准气样。

两台漏校的传感器当晚送检，一台合格，一台零点漂移百分之零点零四，已换下。
"""),
        ),
    ),
    ActivityText(
        key="2026-11-17-class-two-kinds-of-fast",
        title="韩玉成讲党课：撤人要快，送风要慢",
        summary="四季度党课用一次停风事件讲清两种“快”，十八名党员现场画排放瓦斯步骤。",
        unit="DZ05",
        date=date(2026, 11, 17),
        picture="classroom",
        activity_kind="party-class",
        place="北坡煤矿通风楼会议室",
        host="侯志平",
        recorder="崔立新",
        state="in_review",
        body=(
            prose("""
11月17日，通风瓦斯党支部四季度党课由支部书记韩玉成主讲，十八名党员到了十七名，一名上井晚的第二天
补课。

课的材料是今年八月的一次停风。1208掘进头局部通风机跳闸十一分钟，值班人员三分钟撤完人，做对了；来
电后有人伸手就要合闸，被跟班的孟凡林拦住，做得更对。停风区瓦斯浓度当时已到百分之二点一，直接送
风，等于把一股高浓度瓦斯推进回风流。

韩玉成让每个人在纸上画排放步骤：查浓度、断电、设警戒、限量送风、逐段排放。十七张纸里，四张漏了
“断电”。他没有念名字，把四张纸收走，说下周一单独还，还的时候要讲一遍。
"""),
            Quotation("救人的时候抢一秒，送风的时候等一刻。", "韩玉成"),
        ),
    ),
    ActivityText(
        key="2026-11-16-retired-inspector-visit",
        title="通风瓦斯党支部请退休瓦检员回岗位走一圈",
        summary="六十九岁的老瓦检员指出三处“书上没有”的气味和声音。",
        unit="DZ05",
        date=date(2026, 11, 16),
        picture="community",
        activity_kind="other",
        place="北坡煤矿地面瓦斯泵站",
        host="韩玉成",
        recorder="靳伟",
        state="in_review",
        body=(
            prose("""
11月16日，支部请来退休十年的老瓦检员老耿，在地面瓦斯泵站走了一圈。按规定退休人员不下井，大家就把
井下的声音录好，放给他听。

老耿听了六段，停在第四段：“这个风筒接头在哨，不大，二指宽的口子。”党员去看，位置差了四十米，口子
果然有。他又说，闻到像烂苹果的味道先别忙着走近，那是煤在低温氧化；听到顶板上像炒豆子，退到支架下
面再看。

支部把这些话录成十一段，每段不超过一分钟，标上地点和情形，放进新员工培训。老耿回去的时候只提了一
个要求：录音里别写他的全名，他怕老伙计们说他爱出风头。
"""),
        ),
    ),
    ActivityText(
        key="2026-11-19-theme-day-old-tools",
        title="采煤一队党支部主题党日：把磨坏的工具摆成一面墙",
        summary="一百四十件报废工具挂上墙，每件下面写着为什么坏、差一点伤到谁。",
        unit="DZ02",
        date=date(2026, 11, 19),
        picture="skills",
        activity_kind="theme-day",
        place="采煤一队工具房",
        host="贺守田",
        recorder="武彦青",
        state="in_review",
        body=(
            prose("""
11月19日，采煤一队党支部的主题党日在工具房开展。三十一名党员到了二十七名，每人带来一件自己用坏的
工具，连同库房里的旧件，一共一百四十件，挂满了一面墙。

扳手开口张大的有三十二件，手拉葫芦链环磨细的九件，最吓人的是一只吊环：裂纹从里面长出来，外面看不
见。薛大勇说，这只吊环去年吊过一根三百公斤的立柱，就在他头顶上。

支部给每件工具配一张卡片，写三行：哪天坏的，怎么坏的，差一点伤到谁。新工人进队第一课不在教室，在
这面墙前面。工具领用同时改了一条：吊具每月由两个人对着光看一遍，看完签名。
"""),
        ),
    ),
    ActivityText(
        key="2026-11-13-committee-year-end",
        title="采煤一队党支部委员会研究年末三件事",
        summary="五名委员商定谈心分工、慰问对象和预备党员季度考察。",
        unit="DZ02",
        date=date(2026, 11, 13),
        audience="unit",
        activity_kind="committee-meeting",
        place="青石梁煤矿联建楼二层会议室",
        host="贺守田",
        recorder="段小龙",
        state="in_review",
        body=(
            prose("""
11月13日八时，采煤一队党支部召开支部委员会会议，委员5人全部到会，用时五十分钟。

一是谈心谈话。三十一名党员按班次分给五名委员，11月30日前谈完，夜班党员由白永强在升井后谈，不占休
息日。二是冬季慰问。拟走访五户，名单由党小组提出，其中两户是外委队职工，会议同意一并走访，费用从
党费返还中列支。三是预备党员马晓东的季度考察。介绍人李建民、薛大勇书面汇报，优点写了三条，不足写
了两条，会议要求年底前本人拿出改进“说话急”的具体办法。

三项均举手表决，赞成5票，反对0票，弃权0票。
"""),
        ),
    ),
    ActivityText(
        key="2026-11-12-group-roof-pressure-log",
        title="采煤一队党支部第一党小组会：顶板压力曲线谁都能看懂",
        summary="地质技术员把压力曲线改成红黄绿三条带，党员轮流在班前会讲一分钟。",
        unit="DZ02",
        date=date(2026, 11, 12),
        picture="tunnel",
        activity_kind="group-meeting",
        place="采煤一队学习室",
        host="宋逸",
        recorder="段小龙",
        state="in_review",
        body=(
            prose("""
11月12日，第一党小组十六名党员到会十四名。议题是顶板压力曲线：每天打印出来贴在墙上，却没有几个人
停下来看。

宋逸先做了个试验，请大家看曲线说今天哪几架支架要小心，十四个人里答对的只有三个。问题不在人，在
图：横坐标是支架号，纵坐标是兆帕，密密麻麻一百三十七根线。他当场换了一种画法，把支架按红、黄、绿
三条带排开，红的只有六架，谁都看得见。

会议议定，11月16日起用新图，由党员轮流在班前会讲一分钟“今天哪里重”。支架工提出夜班没有彩色打印
机，改为红的打叉、黄的画圈。
"""),
        ),
    ),
)

ACTIVITY_CORRECTIONS: tuple[Correction, ...] = (
    Correction(
        key="2026-11-12-flood-drill",
        date=date(2026, 11, 17),
        state="live",
        remark=prose("""
**补充说明（2026年11月17日）：**复盘问题中“灾区电话线盘接头进水”一项，防水接头已于11月16日更换，
浸水三十分钟试验通话正常；其余三项均按期完成。
"""),
    ),
    Correction(
        key="2026-06-05-gas-over-limit-drill",
        date=date(2026, 11, 18),
        state="returned",
        return_reason="“全部复查”说得太满。请写明十八个测点由谁、哪天复查，附记录编号后再交。",
        remark=prose("""
**补充说明：**全矿十八个测点的断电范围11月份又全部复查一遍，没有发现新的标注错误。
"""),
    ),
    Correction(
        key="2026-09-09-group-air-doors",
        date=date(2026, 11, 19),
        state="draft",
        remark=prose("""
**补充说明：**11月中旬复测，三道风门漏风量每分钟十一立方米，限位挡铁完好，闭锁杆没有再弯。
"""),
    ),
    Correction(
        key="2026-10-14-committee-rotation",
        date=date(2026, 11, 19),
        state="draft",
        remark=prose("""
**补充说明：**七名瓦检员轮岗11月10日完成，双人双岗的三个班没有出现漏检。
"""),
    ),
    Correction(
        key="2026-11-13-community-visit",
        date=date(2026, 11, 18),
        state="returned",
        return_reason="住户姓氏和室温放在一起容易认出本人，请改为“一户”，并请本人同意后再写年龄。",
        remark=prose("""
**补充说明：**11月18日回访，三户室温分别为十九点四度、二十度和二十点三度，楼道阀门井已加锁。
"""),
    ),
    Correction(
        key="2026-09-16-committee-election-overdue",
        date=date(2026, 11, 20),
        state="in_review",
        remark=prose("""
**补充说明：**换届请示已于11月19日报出，候选人初步人选正在征求意见，选举大会拟于12月12日召开。
"""),
    ),
    Correction(
        key="2026-02-11-cold-wave-watch",
        date=date(2026, 11, 20),
        state="draft",
        remark=prose("""
**补充说明：**今年入冬前七座换热站的管沟图已更新一版，汀兰站新增两个岔口的标牌。
"""),
    ),
    Correction(
        key="2025-06-18-safety-month-chemical-water",
        date=date(2026, 11, 20),
        state="draft",
        remark=prose("""
**补充说明：**2026年11月复查五十二个点，过期药品为零，洗眼器水压零点二五兆帕。
"""),
    ),
)
