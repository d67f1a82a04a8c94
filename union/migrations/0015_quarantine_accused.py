"""What waits in quarantine knows the unit it speaks against, whose people do not look at it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("union", "0014_survey_results"),
    ]

    operations = [
        migrations.AddField(
            model_name="quarantineditem",
            name="accused_path",
            field=models.CharField(blank=True, default="", max_length=255),
        ),
    ]
