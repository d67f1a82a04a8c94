"""The opinion boxes of the demo company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.demo.texts import DemoText, prose

ALL = ("pay", "protection", "conditions", "canteen", "attendance", "career", "democracy")
CARE = ("culture", "hardship", "mind")


@dataclass(frozen=True, kw_only=True)
class BoxText(DemoText):
    """One opinion box: who reads it, and the codes of its categories."""

    who_reads: str
    categories: tuple[str, ...]


BOXES: tuple[BoxText, ...] = (
    BoxText(
        key="work-and-life",
        title="职工意见箱",
        summary="工资待遇、劳保食堂、班车公寓、考勤培训，哪里不好、怎样更好，都可以说。",
        unit="QL-GH",
        date=date(2026, 1, 12),
        audience="public",
        who_reads="集团工会何静受理，工会主席杜文渊审核答复；承办的单位只看到转办的那一条。",
        categories=(*ALL, *CARE, "party", "hazard", "integrity", "other"),
        body=(
            prose("""
这个意见箱由集团工会管理。收到后两个工作日内决定是否受理，受理后转给能办的单位，十个工作日内答复；到
期没有答复的，系统会自动督办。

## 怎样提才办得快

- 说清楚什么事、什么地点、大概什么时候。
- 有照片的附上照片；不要拍到别人的脸。
- 希望怎么改，也请写一句。

## 不在这里受理的

工伤认定、劳动争议仲裁、已经进入信访程序的事项，请找相应部门；不予受理的，我们会写明理由和该找谁。

## 匿名的也一样办

匿名意见与署名意见同样受理、同样限时答复。提交后会显示一次查询码，请抄下来或者打印；凭查询码可以看答
复、补充情况、打分，不满意的可以要求上一级再办一次。每年一月，我们在工会之家公布上一年收到多少、办结
多少、逾期多少。
"""),
        ),
    ),
    BoxText(
        key="safety-now",
        title="安全隐患随手报",
        summary="看见隐患马上报，不等批次，直接转安全监察部。",
        unit="QL-AJ",
        date=date(2026, 2, 3),
        audience="public",
        who_reads="集团工会受理，立即转安全监察部值班人员；不会转给被反映的区队。",
        categories=("hazard", "protection", "conditions"),
        body=(
            prose("""
顶板、瓦斯、运输、供电、劳动防护，看见不放心的就报。选“安全隐患”的会立即送达，因此时间可能透露是谁
报的；不急的事请选“劳动安全与防护”，与别的意见一起送达。

**人身危险正在发生时，请先撤离，再打调度电话。** 网上提交不能代替应急报告。

## 报了以后怎么办

- 安全监察部值班人员当班到现场核实，能马上处理的马上处理。
- 一时处理不了的，先挂牌、设警戒，再定责任人和完成日期。
- 处理结果写在答复里，附上处理前后的照片。

## 报隐患不会吃亏

集团规定，任何人不得追查、打击报复报隐患的人。查实有功的，署名的按月奖励，匿名的凭查询码领取，不用说出
自己是谁。报错了也没有关系，多看一眼总比少看一眼好。
"""),
        ),
    ),
    BoxText(
        key="heart-to-heart",
        title="知心信箱",
        summary="压力大、睡不好、家里有难处，写给工会的心理关爱小组。",
        unit="QL-GH",
        date=date(2026, 3, 8),
        audience="public",
        who_reads="集团工会心理关爱小组两人，其他人一律看不到；需要时请专业咨询师答复。",
        categories=("mind", "hardship", "culture"),
        body=(
            prose("""
不用写名字，也不用写得有条理。我们读完会先回一句话，再商量能做什么：请咨询师约谈、申请困难帮扶，或者
只是听您说说。

## 谁来读，读了以后

心理关爱小组只有两个人，都签了保密承诺。来信不转区队，不进考核，不影响上岗。需要别人一起帮忙的，先问您
同不同意；您不同意的，就只在信里谈。

## 可以写些什么

- 倒班睡不好、下井心慌、和同事闹了别扭。
- 家里有病人、孩子上学、老人没人照看。
- 说不清楚为什么，就是提不起劲。
- 想替身边的工友问一问，又不知道怎么开口。

一般三天之内就有回信；节假日照常有人看。

如果您或者身边的人正有危险，请马上拨打集团二十四小时值班电话，不要等这里的答复。
"""),
        ),
    ),
)
