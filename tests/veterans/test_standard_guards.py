"""The triggers come and go with migrations, and somebody notices when they are missing."""

from __future__ import annotations

import types

import pytest
from django.db import connection

from tests.factories.standards import published, standard_page
from veterans.models import ItemVersion
from veterans.standards import guards
from veterans.standards.checks import standard_triggers


def plan(label):
    return [(types.SimpleNamespace(app_label=label), False)]


@pytest.mark.database
@pytest.mark.django_db
def test_missing_triggers_are_reported():
    assert standard_triggers(None, ["default"]) == []
    guards.remove(connection)
    found = standard_triggers(None, ["default"])
    assert [message.id for message in found] == ["veterans.W001"]
    guards.install(connection)
    assert standard_triggers(None, ["default"]) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite rebuilds tables")
@pytest.mark.django_db(transaction=True)
def test_a_migration_can_rebuild_the_table_under_the_triggers(time_machine):
    """Before: SQLite refused to rename the table that the triggers of its rows speak of."""
    time_machine.move_to("2026-11-22 10:00+08:00")
    version = published()
    standard_page(version)
    guards.remove_before_migrate(None, "default", plan=plan("archives"))
    assert guards.missing(connection) == []
    guards.remove_before_migrate(None, "default", plan=plan("veterans"))
    with connection.schema_editor() as editor:
        editor._remake_table(ItemVersion)  # type: ignore[attr-defined]  # only SQLite's has it
    guards.install_after_migrate(None, "default")
    assert guards.missing(connection) == []
    assert ItemVersion.objects.get().snapshot == version.snapshot
