"""Want the checks that the worker would have found due by looking at every record."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

FILING = "GD"


def want_checks(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Mark items that were never checked, or not since they got their code."""
    item = apps.get_model("archives", "PoolItem")
    own = apps.get_model("archives", "Inspection").objects.filter(
        record=OuterRef("record"), stage=FILING
    )
    since_accepted = own.filter(inspected_at__gte=OuterRef("record__accepted_at"))
    unchecked = Q(record__state="pool") & ~Exists(own)
    unchecked |= Q(record__state="accepted") & ~Exists(since_accepted)
    due = item.objects.filter(unchecked).values("pk")
    item.objects.filter(pk__in=due).update(check_wanted_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("archives", "0013_checks_wanted")]

    operations = [migrations.RunPython(want_checks, migrations.RunPython.noop)]
