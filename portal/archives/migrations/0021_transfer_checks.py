"""How far the checks of a transfer are that come before an export."""

from __future__ import annotations

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archives", "0020_csip_exports")]

    operations = [
        migrations.AddField(
            model_name="packageexport",
            name="checked",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="packageexport",
            name="checks_since",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
    ]
