"""Thresholds of the indicators of a branch, with their clauses."""

from __future__ import annotations

from typing import Any

from django.db import migrations

RULES = "《中国共产党支部工作条例（试行）》"
# code, good from, to be watched from, strict from month and day, clause, unverified
ROWS = (
    (
        "attendance",
        "85",
        "70",
        (1, 1),
        f"{RULES}第十一条要求党员按期参加；85%和70%是按惯例设定的界限，没有统一规定",
        True,
    ),
    (
        "records",
        "3",
        "10",
        (1, 1),
        "按惯例会后3个工作日内完成记录；没有统一规定",
        True,
    ),
    (
        "talks",
        "100",
        "60",
        (12, 1),
        f"{RULES}第十九条：党支部委员之间、委员和党员之间、党员之间每年谈心谈话一般不少于1次；"
        "60%是按惯例设定的界限",
        True,
    ),
    (
        "pledges",
        "100",
        "95",
        (2, 1),
        "按惯例每年1月底前签订安全责任书；没有统一规定",
        True,
    ),
)


def write(apps: Any, schema_editor: Any) -> None:
    """Write the rows that are not there."""
    alias = schema_editor.connection.alias
    rules = apps.get_model("branches", "IndicatorRule")
    for order, (code, good, fair, strict, clause, unverified) in enumerate(ROWS, start=1):
        rules.objects.using(alias).get_or_create(
            code=code,
            defaults={
                "good": good,
                "fair": fair,
                "strict_month": strict[0],
                "strict_day": strict[1],
                "clause": clause,
                "is_unverified": unverified,
                "order": order * 10,
            },
        )


def remove(apps: Any, schema_editor: Any) -> None:
    """Take the rows out again."""
    apps.get_model("branches", "IndicatorRule").objects.using(
        schema_editor.connection.alias
    ).all().delete()


class Migration(migrations.Migration):
    dependencies = [("branches", "0009_safety_and_indicators")]

    operations = [migrations.RunPython(write, remove)]
