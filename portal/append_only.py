"""Database triggers that keep a table append-only, on both databases.

SQLite drops triggers silently when Django rebuilds a table, so they are installed again
after every migrate, and a system check and the start of the worker look for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class AppendOnlyTable:
    """One table whose rows are never changed and never deleted.

    Attributes:
        table: name of the table.
        unique: columns, or several columns joined by a comma, of which no two rows share a
            value. SQLite's INSERT OR REPLACE deletes without firing delete triggers unless
            such rows are refused.
        message: what the database says when somebody tries.
    """

    table: str
    unique: tuple[str, ...]
    message: str

    @property
    def _sqlite(self) -> dict[str, str]:
        same = " OR ".join(
            "(" + " AND ".join(f"{column} = NEW.{column}" for column in columns.split(",")) + ")"
            for columns in self.unique
        )
        refuse = f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        return {
            f"{self.table}_no_update": f"""
                CREATE TRIGGER IF NOT EXISTS {self.table}_no_update
                BEFORE UPDATE ON {self.table} {refuse}""",
            f"{self.table}_no_delete": f"""
                CREATE TRIGGER IF NOT EXISTS {self.table}_no_delete
                BEFORE DELETE ON {self.table} {refuse}""",
            f"{self.table}_no_replace": f"""
                CREATE TRIGGER IF NOT EXISTS {self.table}_no_replace
                BEFORE INSERT ON {self.table}
                WHEN EXISTS (SELECT 1 FROM {self.table} WHERE {same})
                {refuse}""",  # noqa: S608  own names
        }

    @property
    def _postgresql_names(self) -> tuple[str, str]:
        return f"{self.table}_no_change", f"{self.table}_no_truncate"

    @property
    def _postgresql(self) -> Sequence[str]:
        change, truncate = self._postgresql_names
        return (
            f"""
            CREATE OR REPLACE FUNCTION {self.table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{self.message}'
                USING ERRCODE = 'integrity_constraint_violation'; END $$
            """,
            f"""
            CREATE OR REPLACE TRIGGER {change} BEFORE UPDATE OR DELETE ON {self.table}
            FOR EACH ROW EXECUTE FUNCTION {self.table}_refuse()
            """,
            f"""
            CREATE OR REPLACE TRIGGER {truncate} BEFORE TRUNCATE ON {self.table}
            FOR EACH STATEMENT EXECUTE FUNCTION {self.table}_refuse()
            """,
            f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {change}",
            f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {truncate}",
        )

    def _exists(self, connection: Any) -> bool:
        return self.table in connection.introspection.table_names()

    def install(self, connection: Any) -> None:
        """Create the triggers where they are missing; harmless where they stand."""
        if not self._exists(connection):
            return
        sqlite = connection.vendor == "sqlite"
        with connection.cursor() as cursor:
            for statement in self._sqlite.values() if sqlite else self._postgresql:
                cursor.execute(statement)

    def remove(self, connection: Any) -> None:
        """Drop the triggers. Only for tests, which empty all tables between cases."""
        if not self._exists(connection):
            return
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                for name in self._sqlite:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                for name in self._postgresql_names:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {self.table}")

    def missing(self, connection: Any) -> list[str]:
        """Return the names of triggers that are not in place and active."""
        if not self._exists(connection):
            return []
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                wanted: set[str] = set(self._sqlite)
                cursor.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
                    [self.table],
                )
            else:
                wanted = set(self._postgresql_names)
                cursor.execute(
                    "SELECT tgname FROM pg_trigger"
                    " WHERE tgrelid = %s::regclass AND tgenabled = 'A'",
                    [self.table],
                )
            return sorted(wanted - {name for (name,) in cursor.fetchall()})


_tables: dict[str, AppendOnlyTable] = {}


def register_append_only(table: AppendOnlyTable) -> AppendOnlyTable:
    """Add a table once, so that its triggers come back after every migrate."""
    _tables[table.table] = table
    return table


def append_only_tables() -> list[AppendOnlyTable]:
    """Return all registered tables."""
    return list(_tables.values())
