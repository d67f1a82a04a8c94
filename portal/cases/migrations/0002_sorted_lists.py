"""Lists of cases are sorted by indexes: the last day first, none at the end."""

from __future__ import annotations

import datetime

import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_cases"),
        ("organizations", "0001_initial"),
        ("people", "0002_temporary_password"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="cases_queue",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="cases_newest",
        ),
        migrations.AddField(
            model_name="case",
            name="urgency",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    "due_on", models.Value(datetime.date(9999, 12, 31))
                ),
                output_field=models.DateField(),
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["flow", "state", "urgency", "id"], name="cases_queue"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["urgency", "id", "flow", "sequence", "state"], name="cases_urgent"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["-submitted_at", "id", "flow", "sequence", "state"], name="cases_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["number", "id", "flow", "sequence", "state"], name="cases_number"
            ),
        ),
    ]
