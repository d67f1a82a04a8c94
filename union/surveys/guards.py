"""Database triggers: from the launch on, the rules of a survey stay what people were told.

They hold on both databases, whatever program writes: mode, smallest groups, segments, office and
questionnaire of a launched survey do not change, its state goes forward only, and it is not
deleted. SQLite drops triggers silently when Django rebuilds a table; so they are taken down before
a migration of this application and installed again after every migrate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, Warning
from django.db import DatabaseError, connections

TABLE = "union_survey"
FIXED = "A launched survey keeps its rules."
COLUMNS = (
    *("code", "mode", "minimum", "comment_minimum", "segments", "crossed", "office"),
    *("snapshot", "snapshot_digest", "launched_on"),
)


def _refused(different: str) -> str:
    """Return the condition under which a change is refused.

    Args:
        different: the operator that takes NULL for a value.
    """
    changed = " OR ".join(f"NEW.{column} {different} OLD.{column}" for column in COLUMNS)
    return (
        f"OLD.state <> 'draft' AND ({changed} OR NEW.state = 'draft'"
        " OR (OLD.state = 'closed' AND NEW.state <> 'closed'))"
    )


def _sqlite() -> Iterator[tuple[str, str]]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{FIXED}'); END"
    yield f"{TABLE}_fixed", f"BEFORE UPDATE ON {TABLE} WHEN {_refused('IS NOT')} {refuse}"
    yield f"{TABLE}_kept", f"BEFORE DELETE ON {TABLE} WHEN OLD.state <> 'draft' {refuse}"


def _postgresql() -> Iterator[tuple[str, str]]:
    # JSON columns are jsonb, which can be compared.
    refuse = f"EXECUTE FUNCTION {TABLE}_refuse()"
    yield (
        f"{TABLE}_fixed",
        f"BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN ({_refused('IS DISTINCT FROM')}) {refuse}",
    )
    yield (
        f"{TABLE}_kept",
        f"BEFORE DELETE ON {TABLE} FOR EACH ROW WHEN (OLD.state <> 'draft') {refuse}",
    )


def _triggers(connection: Any) -> list[tuple[str, str]]:
    return list(_sqlite() if connection.vendor == "sqlite" else _postgresql())


def _is_present(connection: Any) -> bool:
    """Whether the table stands, with the columns of the present model."""
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return False
        described = connection.introspection.get_table_description(cursor, TABLE)
    return {*COLUMNS, "state"} <= {column.name for column in described}


def install(connection: Any) -> None:
    """Put the triggers in place."""
    if not _is_present(connection):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, statement in _triggers(connection):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(f"CREATE TRIGGER {name} {statement}")
            return
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN RAISE EXCEPTION '{FIXED}'"
            " USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        for name, statement in _triggers(connection):
            cursor.execute(f"CREATE OR REPLACE TRIGGER {name} {statement}")
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}")


def missing(connection: Any) -> list[str]:
    """Return the names of triggers that are not in place; none where there is no table."""
    if not _is_present(connection):
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'")
        found = {name for (name,) in cursor.fetchall()}
    return sorted({name for name, _statement in _triggers(connection)} - found)


def remove(connection: Any) -> None:
    """Drop the triggers; they come back with `install`."""
    if not _is_present(connection):
        return
    with connection.cursor() as cursor:
        for name, _statement in _triggers(connection):
            of_table = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{of_table}")


def remove_before_migrate(sender: Any, using: str, plan: Any = (), **_arguments: Any) -> None:
    """Receiver of `pre_migrate`: make way for migrations of this table on SQLite."""
    if connections[using].vendor == "sqlite" and any(
        migration.app_label == "union" for migration, _backwards in plan
    ):
        remove(connections[using])


def install_after_migrate(sender: Any, using: str, **_arguments: Any) -> None:
    """Receiver of `post_migrate`."""
    install(connections[using])


def survey_triggers(
    app_configs: Any, databases: Sequence[str] | None = None, **keywords: Any
) -> list[CheckMessage]:
    """Every trigger is in place; a warning, because migrate brings them back."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        try:
            names = missing(connections[alias])
        except DatabaseError:
            continue  # whoever needs this database will say so
        if names:
            found.append(
                Warning(
                    f"Launched surveys are not protected: {', '.join(names)} missing in {alias}.",
                    hint="Run manage.py migrate.",
                    id="union.W001",
                )
            )
    return found


def register() -> None:
    """Register the check, once, when the application is ready."""
    checks.register(survey_triggers, Tags.database)
