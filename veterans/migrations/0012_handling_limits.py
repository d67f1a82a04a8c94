"""The time limits of second looks, follow-ups and complaints, each with its clause."""

from __future__ import annotations

import datetime

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SINCE = datetime.date(2020, 1, 1)
ROWS = (
    ("appeal-file", 60, "calendar", "行政复议法第二十条（参照）：自知道之日起六十日内提出"),
    ("appeal-decide", 30, "calendar", "信访工作条例第三十五条（参照）：收到之日起三十日内答复"),
    ("follow-up", 15, "working", "政务服务“好差评”办法（参照）：差评十五个工作日内整改并回访"),
    ("complaint", 15, "working", "政务服务便民热线办理规范（参照）：十五个工作日内答复"),
)


def add_limits(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the limits that are missing."""
    limits = apps.get_model("veterans", "HandlingLimit")
    for code, days, kind, clause in ROWS:
        if not limits.objects.filter(code=code).exists():
            limits.objects.create(
                code=code, days=days, kind=kind, clause=clause, effective_from=SINCE
            )


class Migration(migrations.Migration):
    dependencies = [("veterans", "0011_handling")]

    # Going back leaves the rows to the migration that takes their table away.
    operations = [migrations.RunPython(add_limits, migrations.RunPython.noop)]
