"""Database triggers that keep the ledger append-only.

SQLite drops triggers silently when Django rebuilds a table, so they are installed again
after every migrate, and a system check and the start of the worker look for them.
"""

from __future__ import annotations

from typing import Any

TABLE = "archives_ledgerentry"
_MESSAGE = "The ledger is append-only."

_SQLITE = {
    f"{TABLE}_no_update": f"""
        CREATE TRIGGER IF NOT EXISTS {TABLE}_no_update BEFORE UPDATE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END""",
    f"{TABLE}_no_delete": f"""
        CREATE TRIGGER IF NOT EXISTS {TABLE}_no_delete BEFORE DELETE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END""",
    # INSERT OR REPLACE deletes without firing delete triggers unless this one stops it.
    f"{TABLE}_no_replace": f"""
        CREATE TRIGGER IF NOT EXISTS {TABLE}_no_replace BEFORE INSERT ON {TABLE}
        WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE sequence = NEW.sequence
                     OR entry_hash = NEW.entry_hash)
        BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END""",  # noqa: S608  own names
}
_POSTGRESQL = (
    f"""
    CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    f"""
    CREATE OR REPLACE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()
    """,
    f"""
    CREATE OR REPLACE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()
    """,
    f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {TABLE}_no_change",
    f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {TABLE}_no_truncate",
)
_POSTGRESQL_NAMES = (f"{TABLE}_no_change", f"{TABLE}_no_truncate")


def _table_exists(connection: Any) -> bool:
    return TABLE in connection.introspection.table_names()


def install(connection: Any) -> None:
    """Create the triggers where they are missing; harmless where they stand."""
    if not _table_exists(connection):
        return
    with connection.cursor() as cursor:
        statements = _SQLITE.values() if connection.vendor == "sqlite" else _POSTGRESQL
        for statement in statements:
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Drop the triggers. Only for tests, which empty all tables between cases."""
    if not _table_exists(connection):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for name in _POSTGRESQL_NAMES:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {TABLE}")


def missing(connection: Any) -> list[str]:
    """Return the names of triggers that are not in place and active."""
    if not _table_exists(connection):
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            wanted: set[str] = set(_SQLITE)
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE]
            )
        else:
            wanted = set(_POSTGRESQL_NAMES)
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'A'",
                [TABLE],
            )
        return sorted(wanted - {name for (name,) in cursor.fetchall()})
