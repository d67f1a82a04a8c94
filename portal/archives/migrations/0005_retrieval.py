"""People in records, counts of alike records, saved searches."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def leave_the_counting_to_post_migrate(apps: Any, schema_editor: Any) -> None:
    """Nothing: the triggers come when all tables have their columns."""


def stop_counting(apps: Any, schema_editor: Any) -> None:
    """Drop the triggers, which would write into a table that is gone."""
    from portal.archives.retrieval import tallies

    tallies.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("archives", "0004_record_keys"),
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("draft", "Drafted"),
                            ("submit", "Submitted for review"),
                            ("approve", "Approved"),
                            ("publish", "Published"),
                            ("named", "Named in it"),
                        ],
                        max_length=10,
                        verbose_name="part",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="archives.record",
                    ),
                ),
            ],
            options={
                "verbose_name": "person in a record",
                "verbose_name_plural": "people in records",
                "indexes": [models.Index(fields=["name", "record"], name="archives_person_name")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "name", "part"), name="archives_record_person_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("state", models.CharField(max_length=10)),
                ("class_code", models.CharField(max_length=20)),
                ("period", models.CharField(max_length=3)),
                ("access_level", models.CharField(max_length=10)),
                ("number", models.IntegerField()),
                ("loose", models.BooleanField()),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="organizations.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "number of records",
                "verbose_name_plural": "numbers of records",
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.CharField(max_length=1500)),
                ("saved_at", models.DateTimeField(verbose_name="saved at")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_record_searches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved search",
                "verbose_name_plural": "saved searches",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "name"), name="archives_search_name_once"
                    )
                ],
            },
        ),
        migrations.RunPython(leave_the_counting_to_post_migrate, stop_counting),
    ]
