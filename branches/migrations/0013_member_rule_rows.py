"""Age, probation and validity of letters, with their clauses."""

from __future__ import annotations

from typing import Any

from django.db import migrations

# code, number, clause, unverified
ROWS = (
    ("age", 18, "《中国共产党章程》第一条：年满十八岁", False),
    ("probation", 12, "《中国共产党章程》第七条：预备党员的预备期为一年", False),
    ("letter", 90, "中国共产党党员组织关系介绍信：有效期一般不超过三个月（按90天计）", True),
)


def write(apps: Any, schema_editor: Any) -> None:
    """Write the rows that are not there."""
    alias = schema_editor.connection.alias
    rules = apps.get_model("branches", "MemberRule")
    for order, (code, number, clause, unverified) in enumerate(ROWS, start=1):
        rules.objects.using(alias).get_or_create(
            code=code,
            defaults={
                "number": number,
                "clause": clause,
                "is_unverified": unverified,
                "order": order * 10,
            },
        )


def remove(apps: Any, schema_editor: Any) -> None:
    """Take the rows out again."""
    apps.get_model("branches", "MemberRule").objects.using(
        schema_editor.connection.alias
    ).all().delete()


class Migration(migrations.Migration):
    dependencies = [("branches", "0012_member_rules")]

    operations = [migrations.RunPython(write, remove)]
