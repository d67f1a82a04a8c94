"""Keys of sealed records; what was captured before is put on the list of what is to be sealed."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError


def list_what_is_to_be_sealed(apps, schema_editor):
    """Put every record that not everybody reads on the list, in the database alone."""
    record = apps.get_model("archives", "Record")._meta.db_table
    task = apps.get_model("archives", "SealingTask")._meta.db_table
    schema_editor.execute(
        f"INSERT INTO {task} (record_id, since, last_error)"  # noqa: S608  own names
        f" SELECT id, captured_at, '' FROM {record} WHERE access_level <> 'open'"
    )


def refuse_to_lose_keys(apps, schema_editor):
    """Without its key nobody ever opens a record again, so the table goes only when empty."""
    keys = apps.get_model("archives", "RecordKey").objects
    if keys.using(schema_editor.connection.alias).exists():
        raise IrreversibleError("Records are sealed; without their keys they are lost.")


class Migration(migrations.Migration):
    dependencies = [("archives", "0003_ledger_tree")]

    operations = [
        migrations.CreateModel(
            name="RecordKey",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="key",
                        serialize=False,
                        to="archives.record",
                    ),
                ),
                (
                    "key_id",
                    models.CharField(db_index=True, max_length=8, verbose_name="key number"),
                ),
                ("wrapped", models.CharField(max_length=80)),
            ],
            options={"verbose_name": "record key", "verbose_name_plural": "record keys"},
        ),
        migrations.CreateModel(
            name="SealingTask",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sealing_task",
                        serialize=False,
                        to="archives.record",
                    ),
                ),
                ("since", models.DateTimeField()),
                ("last_error", models.TextField(blank=True, verbose_name="last error")),
            ],
            options={
                "verbose_name": "sealing task",
                "verbose_name_plural": "sealing tasks",
                "indexes": [models.Index(fields=["since"], name="archives_sealing_next")],
            },
        ),
        migrations.AddField(
            model_name="recordfile",
            name="sealed",
            field=models.BooleanField(default=False, verbose_name="stored sealed"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("access_level", "controlled")),
                fields=["-business_date"],
                name="archives_record_controlled",
            ),
        ),
        migrations.RunPython(list_what_is_to_be_sealed, refuse_to_lose_keys),
    ]
