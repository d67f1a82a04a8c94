"""What was written to the ledger after the capture of a sealed record is to be sealed as well."""

from __future__ import annotations

from django.db import migrations


def list_what_is_to_be_sealed(apps, schema_editor):
    """Put every record that not everybody reads on the list, in the database alone."""
    record = apps.get_model("archives", "Record")._meta.db_table
    task = apps.get_model("archives", "SealingTask")._meta.db_table
    schema_editor.execute(
        f"INSERT INTO {task} (record_id, since, last_error)"  # noqa: S608  own names
        f" SELECT id, captured_at, '' FROM {record} WHERE access_level <> 'open'"
        f" AND NOT EXISTS (SELECT 1 FROM {task} WHERE record_id = {record}.id)"
    )


class Migration(migrations.Migration):
    dependencies = [("archives", "0011_repair_orders")]

    # Backwards nothing is to be done: sealed payloads are opened by whoever reads them.
    operations = [
        migrations.RunPython(list_what_is_to_be_sealed, migrations.RunPython.noop, elidable=False)
    ]
