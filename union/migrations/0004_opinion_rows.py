"""The categories of opinions and their time limits, each with its clause."""

from __future__ import annotations

import datetime

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SINCE = datetime.date(2020, 1, 1)
# Code, name, urgent, to the discipline inspection only.
CATEGORIES = (
    ("pay", "薪酬福利", False, False),
    ("protection", "劳动安全与防护", False, False),
    ("conditions", "工作条件与环境", False, False),
    ("canteen", "食堂班车公寓", False, False),
    ("attendance", "考勤休假", False, False),
    ("career", "职业发展与培训", False, False),
    ("democracy", "民主管理与公开", False, False),
    ("culture", "文体与关爱", False, False),
    ("hardship", "困难帮扶", False, False),
    ("mind", "心理支持", False, False),
    ("hazard", "安全隐患", True, False),
    ("integrity", "廉洁举报", False, True),
    ("party", "党建建议", False, False),
    ("other", "其他", False, False),
)
INTERNAL = "职工意见办理办法（企业内部，默认）：{}"
LIMITS = (
    ("accept", 2, "working", INTERNAL.format("收到之日起两个工作日内决定是否受理")),
    ("dispatch", 1, "working", INTERNAL.format("受理之日起一个工作日内转办")),
    ("return", 1, "working", INTERNAL.format("承办单位一个工作日内可退回一次")),
    ("reply", 10, "working", INTERNAL.format("转办之日起十个工作日内答复")),
    ("extension", 10, "working", INTERNAL.format("经批准可延长一次，不超过十个工作日")),
    ("review", 2, "working", INTERNAL.format("答复拟稿后两个工作日内审核发出")),
    ("rating", 15, "working", INTERNAL.format("答复后十五个工作日未评价的，视为办结")),
    ("petition-accept", 15, "calendar", "信访工作条例第二十三条：十五日内决定是否受理并告知"),
    ("petition-finish", 60, "calendar", "信访工作条例第三十四条：受理之日起六十日内办结"),
    ("petition-extension", 30, "calendar", "信访工作条例第三十四条：延长期限不得超过三十日"),
    ("petition-second-ask", 30, "calendar", "信访工作条例第三十五条：三十日内可以请求复查"),
    ("petition-second-answer", 30, "calendar", "信访工作条例第三十五条：三十日内提出复查意见"),
)


def add_rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the rows that are missing."""
    categories = apps.get_model("union", "OpinionCategory")
    for order, (code, name, urgent, to_discipline) in enumerate(CATEGORIES):
        categories.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "order": order,
                "urgent": urgent,
                "to_discipline": to_discipline,
            },
        )
    limits = apps.get_model("union", "OpinionLimit")
    for code, days, kind, clause in LIMITS:
        if not limits.objects.filter(code=code).exists():
            limits.objects.create(
                code=code, days=days, kind=kind, clause=clause, effective_from=SINCE
            )


class Migration(migrations.Migration):
    dependencies = [("union", "0003_opinion_boxes")]

    # Going back leaves the rows to the migration that takes their tables away.
    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
