"""Which package a check of a transfer saw, and how far the checks before an export are."""

from __future__ import annotations

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
            name="checks_after",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="inspection",
            name="layer",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="layer"),
        ),
    ]
