"""Categories of disclosure with their basis, and the limits of contributions and of questions."""

from __future__ import annotations

import datetime

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SINCE = datetime.date(2020, 1, 1)
COUNTRY = "企业民主管理规定（2012）第三十{}条"
PROVINCE = "浙江省企业民主管理条例第十九条（参照，须核对本省规定）"
STATE_OWNED = "企业民主管理规定（2012）第三十五条：国有企业增加公开事项"
# Code, name, basis. Source: domain facts 4.4.
CATEGORIES = (
    ("planning", "发展规划与经营情况", COUNTRY.format("四")),
    ("interests", "涉及职工切身利益的方案", COUNTRY.format("四")),
    ("rules", "规章制度", COUNTRY.format("四")),
    ("contracts", "劳动合同与集体合同", COUNTRY.format("四")),
    ("investment", "投资与重大技术改造", STATE_OWNED),
    ("targets", "年度生产经营目标及完成情况", STATE_OWNED),
    ("funds", "大额资金使用", STATE_OWNED),
    ("bidding", "工程招投标", STATE_OWNED),
    ("purchasing", "大宗物资采购", STATE_OWNED),
    ("assets", "资产处置与产权变更", STATE_OWNED),
    ("managers", "民主评议管理人员结果", STATE_OWNED),
    ("receptions", "业务招待费使用", STATE_OWNED),
    ("welfare", "职工福利费与工会经费", PROVINCE),
)
LIMITS = (
    (
        "help",
        5,
        "working",
        "职工意见办理办法（企业内部，默认）：协办单位五个工作日内提出意见",
    ),
    (
        "disclosure-answer",
        30,
        "calendar",
        "浙江省企业民主管理条例第二十三条（参照）：收到询问之日起三十日内答复",
    ),
)


def add_rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the rows that are missing."""
    categories = apps.get_model("union", "DisclosureCategory")
    for order, (code, name, basis) in enumerate(CATEGORIES):
        categories.objects.get_or_create(
            code=code, defaults={"name": name, "basis": basis, "order": order}
        )
    limits = apps.get_model("union", "OpinionLimit")
    for code, days, kind, clause in LIMITS:
        if not limits.objects.filter(code=code).exists():
            limits.objects.create(
                code=code, days=days, kind=kind, clause=clause, effective_from=SINCE
            )


class Migration(migrations.Migration):
    dependencies = [("union", "0011_openness")]

    # Going back leaves the rows to the migration that takes their tables away.
    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
