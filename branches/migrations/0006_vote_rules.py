"""When a vote is opened and when it carries, by the rules of branches and of elections."""

from __future__ import annotations

from typing import Any

from django.db import migrations

BRANCHES = "《中国共产党支部工作条例（试行）》"
ELECTIONS = "《中国共产党基层组织选举工作条例》"
#: subject, step, numerator, denominator, more than, base, clause, not confirmed.
ROWS = (
    (
        *("meeting", "open", 1, 2, False, "should"),
        f"{BRANCHES}第十一条：到会有表决权的党员达到应到会有表决权党员的半数，方可表决",
        False,
    ),
    (
        *("meeting", "pass", 1, 2, True, "should"),
        f"{BRANCHES}第十一条：赞成人数超过应到会有表决权党员的半数为通过",
        False,
    ),
    (
        *("election", "open", 4, 5, False, "should"),
        f"{ELECTIONS}：到会有选举权的党员达到应到会人数的五分之四，方可选举",
        False,
    ),
    (
        *("election", "pass", 1, 2, True, "present"),
        f"{ELECTIONS}：得赞成票超过实到会有选举权人数的半数，始得当选",
        True,
    ),
)


def write(apps: Any, schema_editor: Any) -> None:
    """Write the rows that are not there."""
    rules = apps.get_model("branches", "VoteRule").objects.using(schema_editor.connection.alias)
    for subject, step, numerator, denominator, strictly, base, clause, unverified in ROWS:
        rules.get_or_create(
            subject=subject,
            step=step,
            defaults={
                "numerator": numerator,
                "denominator": denominator,
                "strictly": strictly,
                "base": base,
                "clause": clause,
                "is_unverified": unverified,
            },
        )


def remove(apps: Any, schema_editor: Any) -> None:
    """Take the rows out again."""
    apps.get_model("branches", "VoteRule").objects.using(
        schema_editor.connection.alias
    ).all().delete()


class Migration(migrations.Migration):
    dependencies = [("branches", "0005_activity_records")]

    operations = [migrations.RunPython(write, remove)]
