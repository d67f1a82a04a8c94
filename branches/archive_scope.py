"""What the archive keeps of branch work, and for how long.

Source: the retention tables of Party work quoted in the domain facts, chapter 8.2.
"""

from __future__ import annotations

from branches.models import ActivityKind
from portal.archives.scope.defaults import (
    PERMANENT,
    TEN_YEARS,
    THIRTY_YEARS,
    DefaultRule,
    register_default_rules,
)

FRONT = "栏目首页和支部主页，只起导航作用，不归档"
NOT_FILED = "国家档案局令第10号第六条：没有保存价值的文件材料不归档"
MEETINGS = "党群类：支部工作手册、三会一课记录，30年"


def register() -> None:
    """Register the rows of branch pages and activities; narrow ones first."""
    register_default_rules(
        DefaultRule("branch-index", FRONT, NOT_FILED),
        DefaultRule("branch", FRONT, NOT_FILED),
        DefaultRule("branch-handbook", "党支部工作手册", MEETINGS, "DQ02", THIRTY_YEARS),
        DefaultRule(
            "activity",
            "事故案例分析",
            "党群类：安全责任书、党员责任区，事故类永久",
            "DQ02",
            PERMANENT,
            subkind=ActivityKind.CASE_STUDY,
            unverified=True,
        ),
        DefaultRule(
            "activity",
            "应急演练",
            "党群类：安全责任书、党员责任区，10年",
            "DQ02",
            TEN_YEARS,
            subkind=ActivityKind.DRILL,
            unverified=True,
        ),
        DefaultRule(
            "activity",
            "换届选举大会、选举结果",
            "党群类：换届选举材料，永久",
            "DQ02",
            PERMANENT,
            subkind=ActivityKind.GENERAL_MEETING,
            title_words="换届 选举",
        ),
        DefaultRule(
            "activity",
            "接收预备党员、预备党员转正的党员大会",
            "党群类：入党、转正、退党、转接材料，永久",
            "DQ02",
            PERMANENT,
            subkind=ActivityKind.GENERAL_MEETING,
            title_words="预备党员 转正 发展党员",
        ),
        *(
            DefaultRule("activity", description, MEETINGS, "DQ02", THIRTY_YEARS, subkind=subkind)
            for description, subkind in (
                ("党员大会", ActivityKind.GENERAL_MEETING),
                ("支部委员会会议", ActivityKind.COMMITTEE_MEETING),
                ("党小组会", ActivityKind.GROUP_MEETING),
                ("党课", ActivityKind.PARTY_CLASS),
                ("组织生活会", ActivityKind.LIFE_MEETING),
                ("民主评议党员", ActivityKind.APPRAISAL),
            )
        ),
        DefaultRule(
            "activity",
            "重要主题党日、学习教育",
            "党群类：主题党日、学习教育，重要的永久",
            "DQ02",
            PERMANENT,
            subkind=ActivityKind.THEME_DAY,
            title_words="主题教育 专题",
        ),
        DefaultRule(
            "activity",
            "一般主题党日",
            "党群类：主题党日、学习教育，一般的10年",
            "DQ02",
            TEN_YEARS,
            subkind=ActivityKind.THEME_DAY,
        ),
        DefaultRule(
            "activity",
            "涉及事故的安全活动",
            "党群类：安全责任书、党员责任区，事故类永久",
            "DQ02",
            PERMANENT,
            subkind=ActivityKind.SAFETY_ACTIVITY,
            title_words="事故",
            unverified=True,
        ),
        DefaultRule(
            "activity",
            "安全活动",
            "党群类：安全责任书、党员责任区，10年",
            "DQ02",
            TEN_YEARS,
            subkind=ActivityKind.SAFETY_ACTIVITY,
            unverified=True,
        ),
        DefaultRule(
            "activity",
            "其他支部活动",
            "国家档案局令第8号附表9.10：情况反映、工作简报，10年",
            "DQ02",
            TEN_YEARS,
        ),
    )
