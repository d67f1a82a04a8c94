"""What the archive keeps of honors, and for how long.

Source: the retention tables of Party work quoted in the domain facts, chapter 8.2.
"""

from __future__ import annotations

from portal.archives.scope.defaults import (
    PERMANENT,
    THIRTY_YEARS,
    DefaultRule,
    register_default_rules,
)

HIGH_LEVELS = "国家级 省级 省部级 全国"
HIGH = "党群类：表彰，省部级及以上，永久"
ORDINARY = "党群类：表彰，省部级以下，30年"


def register() -> None:
    """Register the rows of honor pages."""
    register_default_rules(
        DefaultRule(
            "honor-index",
            "栏目首页，只起导航作用，不归档",
            "国家档案局令第10号第六条：没有保存价值的文件材料不归档",
        ),
        DefaultRule(
            "honor-round",
            "评选通知",
            "党群类：表彰活动的通知、办法，30年",
            "DQ09",
            THIRTY_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "honor-decision",
            "表彰决定（省部级及以上）",
            HIGH,
            "DQ09",
            PERMANENT,
            title_words=HIGH_LEVELS,
        ),
        DefaultRule("honor-decision", "表彰决定（省部级以下）", ORDINARY, "DQ09", THIRTY_YEARS),
        DefaultRule(
            "honor-round-case",
            "评选案卷（推荐、审核、评审、票决、公示、异议核查）",
            "党群类：表彰材料，30年",
            "DQ09",
            THIRTY_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "honor-award",
            "荣誉的授予、暂停和撤销",
            "党群类：荣誉证书、奖牌、名册，永久",
            "DQ09",
            PERMANENT,
        ),
        DefaultRule(
            "honor-register",
            "历年荣誉名册",
            "党群类：荣誉证书、奖牌、名册，永久",
            "DQ09",
            PERMANENT,
        ),
        *(
            row
            for kind, name in (
                ("model-post", "安全生产模范岗"),
                ("excellent-member", "优秀共产党员等个人荣誉"),
                ("honored-collective", "先进集体"),
            )
            for row in (
                DefaultRule(
                    kind,
                    f"{name}（省部级及以上）",
                    HIGH,
                    "DQ09",
                    PERMANENT,
                    title_words=HIGH_LEVELS,
                ),
                DefaultRule(kind, f"{name}（省部级以下）", ORDINARY, "DQ09", THIRTY_YEARS),
            )
        ),
    )
