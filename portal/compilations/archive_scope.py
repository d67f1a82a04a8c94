"""What the archive keeps of compilations, and for how long.

Source: order 10 (2012) of the State Archives Administration: each enterprise makes its own table.
What it says of the products of compiling (编研成果) could not be checked.
"""

from __future__ import annotations

from portal.archives.scope.defaults import THIRTY_YEARS, DefaultRule, register_default_rules


def register() -> None:
    """Register the rows of compilations and their front page."""
    register_default_rules(
        DefaultRule(
            "compilation-index",
            "栏目首页，只起导航作用，不归档",
            "国家档案局令第10号第六条：没有保存价值的文件材料不归档",
        ),
        DefaultRule(
            "compilation",
            "档案编研材料（专题汇编）",
            "党群类：档案编研材料，30年",
            "DQ01",
            THIRTY_YEARS,
            unverified=True,
        ),
    )
