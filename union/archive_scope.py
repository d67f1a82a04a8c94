"""What the archive keeps of union work, and for how long.

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
    """Register the rows of union pages; narrow ones first."""
    register_default_rules(
        DefaultRule(
            "union-index",
            "栏目首页，只起导航作用，不归档",
            "国家档案局令第10号第六条：没有保存价值的文件材料不归档",
        ),
        DefaultRule(
            "union-proposal-case",
            "职代会提案：提案、审查、承办、答复、评价",
            "党群类：职代会名单、议程、报告、决议、选举、提案，永久；提案办理答复（主办）永久",
            "DQ05",
            PERMANENT,
        ),
        DefaultRule(
            "union-suggestion-case",
            "合理化建议：建议、评审、效果验证、评分、奖励",
            "党群类：工会计划、总结、表彰，30年",
            "DQ05",
            THIRTY_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "congress-report",
            "职代会提案工作报告",
            "党群类：职代会名单、议程、报告、决议、选举、提案，永久",
            "DQ05",
            PERMANENT,
        ),
        DefaultRule(
            "union-news",
            "职工代表大会的名单、议程、报告、决议、选举和提案",
            "党群类：职代会名单、议程、报告、决议、选举、提案，永久",
            "DQ05",
            PERMANENT,
            title_words="职代会 职工代表大会",
        ),
        DefaultRule(
            "union-news",
            "困难帮扶、送温暖",
            "党群类：困难帮扶、送温暖发放名册，30年",
            "DQ05",
            THIRTY_YEARS,
            title_words="帮扶 送温暖 慰问",
            unverified=True,
        ),
        DefaultRule(
            "survey-result",
            "满意度调查的结果和整改清单",
            "党群类：满意度调查，报告30年",
            "DQ05",
            THIRTY_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "survey",
            "满意度调查的公告",
            "党群类：满意度调查，公告和说明10年（报告30年）",
            "DQ05",
            TEN_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "feedback-box",
            "意见箱的说明页",
            "党群类：工会工作一般事务性材料，10年",
            "DQ05",
            TEN_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "union-opinion-case",
            "职工意见的办理卷",
            "党群类：职工来信来访、意见建议的办理材料，10年",
            "DQ05",
            TEN_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "union-opinion-integrity-case",
            "廉洁举报的办理卷",
            "纪检类：信访举报的办理材料，30年",
            "DQ05",
            THIRTY_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "public-reply",
            "职工意见的公开答复",
            "党群类：职工意见办理和公开材料，10年",
            "DQ05",
            TEN_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "opinion-bulletin",
            "职工意见办理年度公报",
            "党群类：民主管理年度报告，30年",
            "DQ05",
            THIRTY_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "open-management",
            "厂务公开事项及公开内容",
            "党群类：厂务公开记录，30年",
            "DQ05",
            THIRTY_YEARS,
            unverified=True,
        ),
        DefaultRule(
            "union-news",
            "一般工会活动、信息",
            "国家档案局令第8号附表9.10：情况反映、工作简报，10年",
            "DQ05",
            TEN_YEARS,
        ),
    )
