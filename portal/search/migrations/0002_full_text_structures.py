"""The full-text structures over the postings; their removal comes with the tables."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def install(apps: Any, schema_editor: Any) -> None:
    """Create FTS5 table and triggers, or GIN index."""
    from portal.search import structures

    structures.install(schema_editor.connection)


def uninstall(apps: Any, schema_editor: Any) -> None:
    """Drop what would outlive the tables."""
    from portal.search import structures

    structures.uninstall(schema_editor.connection)


class Migration(migrations.Migration):
    """After the tables exist."""

    dependencies = [("portal_search", "0001_initial")]

    operations = [migrations.RunPython(install, uninstall)]
