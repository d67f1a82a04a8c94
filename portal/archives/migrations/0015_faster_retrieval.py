"""People know when and of what kind their records are; counts know how archive codes begin."""

from __future__ import annotations

import datetime

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_BEFORE = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def stop_counting(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers over the table of counts; post_migrate brings them back and counts."""
    from portal.archives.retrieval import tallies

    tallies.remove(schema_editor.connection)


def copy_from_records(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write kind and moments beside every person, and by which part a person is listed."""
    people = apps.get_model("archives", "RecordPerson")._meta.db_table
    records = apps.get_model("archives", "Record")._meta.db_table
    columns = "kind, business_date, captured_at"
    schema_editor.execute(
        f"UPDATE {people} SET ({columns}) ="  # noqa: S608  own names
        f" (SELECT {columns} FROM {records} WHERE {records}.id = {people}.record_id)"
    )
    schema_editor.execute(
        f"UPDATE {people} SET first = false WHERE EXISTS (SELECT 1 FROM {people} other"  # noqa: S608
        f" WHERE other.record_id = {people}.record_id AND other.name = {people}.name"
        f" AND other.id < {people}.id)"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("archives", "0014_want_missing_checks"),
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(stop_counting, migrations.RunPython.noop),
        migrations.AddField(
            model_name="recordtally",
            name="code_series",
            field=models.CharField(default="", max_length=80),
            preserve_default=False,
        ),
        migrations.RemoveIndex(model_name="recordperson", name="archives_person_name"),
        migrations.AddField(
            model_name="recordperson",
            name="first",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="recordperson",
            name="kind",
            field=models.CharField(default="", max_length=30),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="recordperson",
            name="business_date",
            field=models.DateField(default=_BEFORE.date()),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="recordperson",
            name="captured_at",
            field=models.DateTimeField(default=_BEFORE),
            preserve_default=False,
        ),
        migrations.RunPython(copy_from_records, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="recordperson",
            index=models.Index(
                condition=models.Q(("first", True)),
                fields=["name", "-business_date", "-captured_at", "-record", "kind"],
                name="archives_person_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                fields=["kind", "-business_date", "-captured_at"], name="archives_record_kind"
            ),
        ),
        migrations.RemoveIndex(model_name="record", name="archives_record_late"),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("late", True)),
                fields=["-business_date", "-captured_at", "kind"],
                name="archives_record_late",
            ),
        ),
        migrations.RemoveIndex(model_name="record", name="archives_record_controlled"),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("access_level", "controlled")),
                fields=["-business_date", "kind", "title", "reference", "id"],
                name="archives_record_controlled",
            ),
        ),
        # Backwards this comes first.
        migrations.RunPython(migrations.RunPython.noop, stop_counting),
    ]
