"""What the archive keeps of veterans' support, and for how long.

Source: the retention tables of Party work quoted in the domain facts, chapter 8.2.
"""

from __future__ import annotations

from portal.archives.scope.defaults import (
    PERMANENT,
    TEN_YEARS,
    THIRTY_YEARS,
    DefaultRule,
    register_default_rules,
)


def register() -> None:
    """Register the rows of veterans pages."""
    register_default_rules(
        DefaultRule(
            "veterans-index",
            "栏目首页，只起导航作用，不归档",
            "国家档案局令第10号第六条：没有保存价值的文件材料不归档",
        ),
        DefaultRule(
            "support-standard",
            "优待项目标准（办事指南）",
            "党群类：优待标准文件，永久",
            "DQ08",
            PERMANENT,
            unverified=True,
        ),
        DefaultRule(
            "policy",
            "优待标准、政策文件",
            "党群类：优待标准文件，永久",
            "DQ08",
            PERMANENT,
            unverified=True,
        ),
        DefaultRule(
            "support-answer",
            "优待政策常见问题解答",
            "党群类：优待政策宣传材料，30年",
            "DQ08",
            THIRTY_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "briefing",
            "优待政策解读会",
            "党群类：优待政策宣传材料，30年",
            "DQ08",
            THIRTY_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "consultation",
            "优待标准征求意见稿",
            "党群类：优待标准文件，形成过程材料，永久",
            "DQ08",
            PERMANENT,
            unverified=True,
        ),
        DefaultRule(
            "consultation-result",
            "优待标准征求意见采纳情况",
            "党群类：优待标准文件，形成过程材料，永久",
            "DQ08",
            PERMANENT,
            unverified=True,
        ),
        DefaultRule(
            "veterans-support-case",
            "优待申请案卷（申请、材料、审批、公示、发放）",
            "党群类：拥军优属工作形成的优待、补助审批材料，30年",
            "DQ08",
            THIRTY_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "support-payment-list",
            "优待发放清单（续发部分）",
            "党群类：拥军优属工作形成的优待、补助审批材料，30年",
            "DQ08",
            THIRTY_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "veterans-appeal-case",
            "优待申请复核案卷",
            "党群类：拥军优属工作形成的优待、补助审批材料，30年",
            "DQ08",
            THIRTY_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "veterans-complaint-case",
            "优待工作投诉和来电案卷",
            "党群类：拥军优属工作中一般来信来访材料，10年",
            "DQ08",
            TEN_YEARS,
            unverified=True,
        ),
    )
