"""The next year of benefits that run already: a year after the first payment, or the restoring."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone

from portal.workdays.periods import months_later

# What a benefit is granted for, in months, on the day of this migration.
YEAR_MONTHS = 12


def fill(apps: Any, schema_editor: Any) -> None:
    """Write the first day of the next year of every benefit."""
    benefits = apps.get_model("veterans", "RunningBenefit").objects.using(
        schema_editor.connection.alias
    )
    for benefit in benefits.filter(next_from=None).prefetch_related("confirmations"):
        next_from = months_later(benefit.started_on, YEAR_MONTHS)
        for row in benefit.confirmations.all():
            if row.restored:
                next_from = max(next_from, timezone.localdate(row.confirmed_at))
        benefit.next_from = next_from
        benefit.save(update_fields=["next_from"])


class Migration(migrations.Migration):
    dependencies = [("veterans", "0015_further_years")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
