"""What the archive keeps of news and notices, and for how long.

Source: orders 8 (2006) and 10 (2012) of the State Archives Administration; the retention
tables of Party work quoted in the domain facts, chapter 8.2.
"""

from __future__ import annotations

from portal.archives.scope.defaults import (
    PERMANENT,
    TEN_YEARS,
    THIRTY_YEARS,
    DefaultRule,
    register_default_rules,
)

FRONT = "栏目首页，只起导航作用，不归档"
NOT_FILED = "国家档案局令第10号第六条：没有保存价值的文件材料不归档"


def register() -> None:
    """Register the rows of the pages that belong to no subject."""
    register_default_rules(
        DefaultRule("home", FRONT, NOT_FILED),
        DefaultRule("news-index", FRONT, NOT_FILED),
        DefaultRule("notice-index", FRONT, NOT_FILED),
        DefaultRule(
            "notice",
            "换届选举、选举结果的通知和公告",
            "党群类：换届选举材料，永久",
            "DQ02",
            PERMANENT,
            title_words="换届 选举",
        ),
        DefaultRule(
            "notice",
            "公示及异议核查的通知和公告",
            "党群类：公示及异议核查材料，30年",
            "DQ02",
            THIRTY_YEARS,
            title_words="公示",
            unverified=True,
        ),
        DefaultRule(
            "notice",
            "表彰决定（省部级以下）",
            "党群类：表彰，省部级以下，30年",
            "DQ09",
            THIRTY_YEARS,
            title_words="表彰 命名 授予",
        ),
        DefaultRule(
            "notice",
            "年度计划、总结",
            "党群类：年度计划、总结，30年",
            "DQ01",
            THIRTY_YEARS,
            title_words="计划 总结 要点",
        ),
        DefaultRule(
            "notice",
            "其他通知、公告",
            "国家档案局令第8号附表9.10：情况反映、工作简报，10年",
            "DQ01",
            TEN_YEARS,
        ),
        DefaultRule(
            "news",
            "重要专项活动的报道",
            "国家档案局令第8号附表9.10：重要专项活动的报告、总结，永久",
            "DQ03",
            PERMANENT,
            title_words="主题教育 专项活动 党代会 党员代表大会 职代会 职工代表大会",
        ),
        DefaultRule(
            "news",
            "一般新闻、简报、信息",
            "国家档案局令第8号附表9.10：情况反映、工作简报，10年",
            "DQ03",
            TEN_YEARS,
        ),
    )
