"""Reminders of applicants before something lapses are kept beside those of the office."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_sorted_lists"),
    ]

    operations = [
        migrations.AlterField(
            model_name="supervision",
            name="level",
            field=models.CharField(
                choices=[
                    ("used", "Four fifths of the time are used"),
                    ("tomorrow", "Due on the next working day"),
                    ("overdue", "Overdue"),
                    ("ordered", "Supervision order"),
                    ("half", "Half of the time is used"),
                    ("soon", "Two working days before the last day"),
                ],
                max_length=10,
            ),
        ),
    ]
