"""Categories, numbers and tiers of proposals and suggestions until the enterprise writes its own."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SINCE = datetime.date(2020, 1, 1)
# Local rules differ on seconders and limits; these rows are meant to be replaced by the
# enterprise's own. Source: chapters 4.2 and 4.3 of the domain facts.
PROPOSALS = "职代会提案工作办法（默认，参照工会法第三十六条、企业民主管理规定）：{}"
SUGGESTIONS = "合理化建议奖励办法（默认，参照工会法第三十二条）：{}"
RULES = (
    ("proposal-seconders", 3, PROPOSALS.format("提案须有三名以上职工代表附议")),
    ("proposal-review", 15, PROPOSALS.format("征集结束后十五个工作日内审查立案")),
    ("proposal-dispatch", 5, PROPOSALS.format("立案后五个工作日内交办")),
    ("proposal-reply", 30, PROPOSALS.format("承办单位三十个工作日内书面答复")),
    ("proposal-check", 5, PROPOSALS.format("工会五个工作日内审核答复")),
    ("proposal-rating", 15, PROPOSALS.format("提案人十五日内反馈意见")),
    ("suggestion-review", 15, SUGGESTIONS.format("收到之日起十五个工作日内评审并答复")),
    ("suggestion-score", 20, SUGGESTIONS.format("效果验证后二十个工作日内评分、评奖")),
    ("suggestion-scorers", 2, SUGGESTIONS.format("至少两名评委评分，取平均分")),
)
CATEGORIES = (
    ("production", "生产经营"),
    ("safety", "安全生产与劳动保护"),
    ("pay", "薪酬与福利"),
    ("conditions", "工作条件与环境"),
    ("training", "职业发展与培训"),
    ("management", "民主管理与公开"),
    ("life", "生活后勤与文体"),
    ("other", "其他"),
)
CLASSES = (
    ("safety", "安全"),
    ("quality", "质量"),
    ("equipment", "设备"),
    ("technology", "工艺"),
    ("cost", "成本"),
    ("management", "管理"),
    ("service", "服务"),
)
CRITERIA = (
    ("technique", "技术水平", 30),
    ("benefit", "经济和社会效益", 30),
    ("application", "推广应用", 20),
    ("practicality", "实用可行", 20),
)
BENEFITS = (
    ("年效益50万元及以上", Decimal(500_000)),
    ("年效益10万元至50万元", Decimal(100_000)),
    ("年效益10万元以下", Decimal(0)),
)
AWARDS = (
    ("一等奖", 85, Decimal(500_000), Decimal(8_000)),
    ("二等奖", 75, Decimal(100_000), Decimal(4_000)),
    ("三等奖", 65, Decimal(0), Decimal(2_000)),
    ("鼓励奖", 50, Decimal(0), Decimal(300)),
)


def add_rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the rows where a table is empty."""

    def fill(model: str, rows: list[dict[str, object]]) -> None:
        table = apps.get_model("union", model)
        if not table.objects.exists():
            table.objects.bulk_create(table(**row) for row in rows)

    fill(
        "ParticipationRule",
        [
            {"code": code, "value": value, "clause": clause, "effective_from": SINCE}
            for code, value, clause in RULES
        ],
    )
    for model, rows in (("ProposalCategory", CATEGORIES), ("SuggestionClass", CLASSES)):
        fill(
            model,
            [
                {"code": code, "name": name, "order": order}
                for order, (code, name) in enumerate(rows, start=1)
            ],
        )
    fill(
        "ScoreCriterion",
        [
            {
                "code": code,
                "name": name,
                "most": most,
                "order": order,
                "clause": SUGGESTIONS.format(f"{name}{most}分，满分100分"),
            }
            for order, (code, name, most) in enumerate(CRITERIA, start=1)
        ],
    )
    fill(
        "BenefitTier",
        [
            {
                "name": name,
                "least": least,
                "clause": SUGGESTIONS.format(name),
                "effective_from": SINCE,
            }
            for name, least in BENEFITS
        ],
    )
    fill(
        "AwardTier",
        [
            {
                "name": name,
                "least_points": points,
                "least_benefit": benefit,
                "amount": amount,
                "clause": SUGGESTIONS.format(f"{name}奖金{amount}元"),
                "effective_from": SINCE,
            }
            for name, points, benefit, amount in AWARDS
        ],
    )


class Migration(migrations.Migration):
    dependencies = [("union", "0005_proposals_and_suggestions")]

    # Going back leaves the rows to the migration that takes their tables away.
    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
