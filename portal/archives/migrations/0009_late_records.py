"""Late records are few among many: an index of their own finds them, and costs nobody else."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archives", "0008_statistics")]

    operations = [
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                fields=["-business_date", "-captured_at"],
                condition=models.Q(late=True),
                name="archives_record_late",
            ),
        )
    ]
