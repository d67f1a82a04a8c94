"""What the archive keeps of public notices, and for how long.

Source: the retention tables of Party work quoted in the domain facts, chapter 8.2.
"""

from __future__ import annotations

from portal.archives.scope.defaults import THIRTY_YEARS, DefaultRule, register_default_rules


def register() -> None:
    """Register the rows of the pages of public notices."""
    register_default_rules(
        DefaultRule(
            "public-notice-index",
            "栏目首页，只起导航作用，不归档",
            "国家档案局令第10号第六条：没有保存价值的文件材料不归档",
        ),
        DefaultRule(
            "public-notice",
            "公示及异议核查材料",
            "党群类：公示及异议核查材料，30年",
            "DQ02",
            THIRTY_YEARS,
            unverified=True,
        ),
    )
