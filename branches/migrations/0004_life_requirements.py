"""How often a Party branch holds what, by the working rules for Party branches of 2018.

Talks are not among them: they are private, and no activity that a page could show.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

RULES = "《中国共产党支部工作条例（试行）》"
ROWS = (
    ("general-meeting", "quarter", 15, f"{RULES}第十一条：一般每季度召开1次", False),
    (
        "committee-meeting",
        "month",
        7,
        f"{RULES}第十二条：一般每月召开1次；未设支委会的支部除外",
        False,
    ),
    (
        "group-meeting",
        "month",
        7,
        f"{RULES}第十三条：一般每月召开1次；未划分党小组的支部除外",
        False,
    ),
    (
        "party-class",
        "quarter",
        15,
        f"{RULES}第十六条：定期开展党课，未定次数；按国有企业惯例每季度1次",
        True,
    ),
    ("theme-day", "month", 7, f"{RULES}第十六条：每月相对固定1天开展主题党日", False),
    ("life-meeting", "year", 60, f"{RULES}第十七条：每年至少召开1次，一般在第四季度", False),
    ("appraisal", "year", 60, f"{RULES}第十八条：一般每年开展1次", False),
)


def write(apps: Any, schema_editor: Any) -> None:
    """Write the rows that are not there."""
    requirements = apps.get_model("branches", "LifeRequirement")
    for order, (kind, period, warning, clause, unverified) in enumerate(ROWS, start=1):
        requirements.objects.using(schema_editor.connection.alias).get_or_create(
            kind=kind,
            defaults={
                "period": period,
                "warning_days": warning,
                "clause": clause,
                "is_unverified": unverified,
                "order": order * 10,
            },
        )


def remove(apps: Any, schema_editor: Any) -> None:
    """Take the rows out again."""
    requirements = apps.get_model("branches", "LifeRequirement")
    requirements.objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("branches", "0003_organizational_life")]

    operations = [migrations.RunPython(write, remove)]
