"""Every running benefit knows from which day on its next year is paid."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("veterans", "0016_next_years_filled")]

    operations = [
        migrations.AlterField(
            model_name="runningbenefit",
            name="next_from",
            field=models.DateField(verbose_name="next year from"),
        ),
    ]
