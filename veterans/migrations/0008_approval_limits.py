"""Who approves how much until the enterprise writes its own table."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Source: the flow of the veterans chapter of the domain facts: above 10,000 yuan the Party
# committee decides.
CLAUSE = "优待申请审批权限（默认）：{}"
SINCE = datetime.date(2020, 1, 1)
ROWS = (
    ("union_chair", Decimal(10_000), False, "一万元及以下由工会主席审批"),
    ("party_approver", None, True, "一万元以上经党委会研究决定，由党委书记签批"),
)


def add_limits(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the table where there is none."""
    limits = apps.get_model("veterans", "ApprovalLimit")
    if limits.objects.exists():
        return
    for role, up_to, needs_decision, words in ROWS:
        limits.objects.create(
            role_code=role,
            up_to=up_to,
            needs_decision=needs_decision,
            clause=CLAUSE.format(words),
            effective_from=SINCE,
        )


class Migration(migrations.Migration):
    dependencies = [("veterans", "0007_money")]

    # Going back leaves the rows to the migration that takes their table away.
    operations = [migrations.RunPython(add_limits, migrations.RunPython.noop)]
