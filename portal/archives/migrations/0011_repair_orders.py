"""Repairs that somebody asked for, done by the worker."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("archives", "0010_category_form"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RepairOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ordered_at", models.DateTimeField(verbose_name="ordered at")),
                ("last_fault", models.BigIntegerField(default=0)),
                (
                    "repaired",
                    models.PositiveIntegerField(
                        default=0, verbose_name="files that are right again"
                    ),
                ),
                (
                    "finished_at",
                    models.DateTimeField(db_index=True, null=True, verbose_name="finished at"),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ordered by",
                    ),
                ),
            ],
            options={
                "verbose_name": "repair order",
                "verbose_name_plural": "repair orders",
                "ordering": ["-pk"],
            },
        ),
    ]
