"""What a Party branch files how often, by the working rules for Party branches of 2018.

Left out: group meetings, because only branches with groups have them, and the yearly meetings
on organizational life, which are no kind of their own yet. Rows can be changed in the portal.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

RULES = "《中国共产党支部工作条例（试行）》"
EXPECTED = (
    ("general-meeting", "quarter", f"{RULES}第十一条：一般每季度召开1次"),
    ("committee-meeting", "month", f"{RULES}第十二条：一般每月召开1次；未设支委会的支部除外"),
    (
        "party-class",
        "quarter",
        f"{RULES}第十六条：定期开展党课，未定次数；按国有企业惯例每季度1次",
    ),
    ("theme-day", "month", f"{RULES}第十六条：每月相对固定1天开展主题党日"),
)


def write(apps: Any, schema_editor: Any) -> None:
    """Write the rows that are not there."""
    expected = apps.get_model("archives", "ExpectedFiling")
    for subkind, interval, clause in EXPECTED:
        expected.objects.using(schema_editor.connection.alias).get_or_create(
            kind="activity",
            subkind=subkind,
            unit_kind="party-branch",
            defaults={"count": 1, "interval": interval, "clause": clause},
        )


def remove(apps: Any, schema_editor: Any) -> None:
    """Take the rows out again."""
    expected = apps.get_model("archives", "ExpectedFiling")
    expected.objects.using(schema_editor.connection.alias).filter(kind="activity").delete()


class Migration(migrations.Migration):
    dependencies = [("branches", "0001_initial"), ("archives", "0008_statistics")]

    operations = [migrations.RunPython(write, remove)]
