"""Applications that were taken up again after their end have no day of closing any more."""

from __future__ import annotations

from typing import Any

from django.db import migrations

FLOW = "veterans-support"
FINAL = ("withdrawn", "closed", "not_accepted")


def reopen(apps: Any, schema_editor: Any) -> None:
    """Take the day out where the case goes on."""
    cases = apps.get_model("cases", "Case").objects.using(schema_editor.connection.alias)
    cases.filter(flow=FLOW, closed_at__isnull=False).exclude(state__in=FINAL).update(closed_at=None)


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_open_cases_index")]

    operations = [migrations.RunPython(reopen, migrations.RunPython.noop)]
