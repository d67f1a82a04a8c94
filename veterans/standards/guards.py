"""Database triggers: what is published does not change, and no two versions overlap.

They hold on both databases, whatever program writes. SQLite drops triggers silently when
Django rebuilds a table, and does not rename a table that triggers of other tables speak of; so
they are taken down before a migration of this application and installed again after every
migrate. A system check looks for them.

Of a published version only the last day may be written, once, and only where there was none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

VERSION_TABLE = "veterans_itemversion"
PARTS = (
    "veterans_eligibilityrule",
    "veterans_entitlementrow",
    "veterans_materialrequirement",
    "veterans_step",
    "veterans_timelimit",
)
FIXED = "A published standard does not change."
OVERLAP = "Two published standards of one item and region overlap."

_OVERLAPS = f"""
    SELECT 1 FROM {VERSION_TABLE} AS other
    WHERE other.status = 'published' AND other.id <> NEW.id
      AND other.item_id = NEW.item_id AND other.region = NEW.region
      AND (other.effective_to IS NULL OR other.effective_to >= NEW.effective_from)
      AND (NEW.effective_to IS NULL OR NEW.effective_to >= other.effective_from)
"""  # noqa: S608  own names


def _columns() -> list[str]:
    from veterans.models import ItemVersion

    return [
        str(field.column) for field in ItemVersion._meta.concrete_fields if field.column != "id"
    ]


def _sqlite() -> Iterator[tuple[str, str, str]]:
    """Yield name, table and statement of each trigger."""
    changed = " OR ".join(
        f"NEW.{column} IS NOT OLD.{column}" for column in _columns() if column != "effective_to"
    )
    fixed = f"BEGIN SELECT RAISE(ABORT, '{FIXED}'); END"
    overlap = f"BEGIN SELECT RAISE(ABORT, '{OVERLAP}'); END"
    yield (
        f"{VERSION_TABLE}_fixed",
        VERSION_TABLE,
        f"""BEFORE UPDATE ON {VERSION_TABLE} WHEN OLD.status = 'published' AND ({changed}
        OR (OLD.effective_to IS NOT NULL AND NEW.effective_to IS NOT OLD.effective_to)) {fixed}""",
    )
    yield (
        f"{VERSION_TABLE}_kept",
        VERSION_TABLE,
        f"BEFORE DELETE ON {VERSION_TABLE} WHEN OLD.status = 'published' {fixed}",
    )
    for event in ("INSERT", "UPDATE"):
        yield (
            f"{VERSION_TABLE}_apart_{event.lower()}",
            VERSION_TABLE,
            f"""BEFORE {event} ON {VERSION_TABLE}
            WHEN NEW.status = 'published' AND EXISTS ({_OVERLAPS}) {overlap}""",
        )
    for table in PARTS:
        for event, rows in (
            ("INSERT", ("NEW",)),
            ("UPDATE", ("NEW", "OLD")),
            ("DELETE", ("OLD",)),
        ):
            published = " OR ".join(
                f"(SELECT status FROM {VERSION_TABLE} WHERE id = {row}.version_id) = 'published'"  # noqa: S608
                for row in rows
            )
            yield (
                f"{table}_fixed_{event.lower()}",
                table,
                f"BEFORE {event} ON {table} WHEN {published} {fixed}",
            )


def _raise(message: str) -> str:
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"


def _postgresql_functions() -> Iterator[str]:
    changed = " OR ".join(
        f"NEW.{column} IS DISTINCT FROM OLD.{column}"
        for column in _columns()
        if column != "effective_to"
    )
    # The item is locked before looking, or two transactions would each miss the other.
    yield f"""
        CREATE OR REPLACE FUNCTION {VERSION_TABLE}_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                IF OLD.status = 'published' THEN {_raise(FIXED)}; END IF;
                RETURN OLD;
            END IF;
            IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND ({changed}
                OR (OLD.effective_to IS NOT NULL
                    AND NEW.effective_to IS DISTINCT FROM OLD.effective_to))
            THEN {_raise(FIXED)}; END IF;
            IF NEW.status = 'published' THEN
                PERFORM 1 FROM veterans_supportitem WHERE id = NEW.item_id FOR UPDATE;
                IF EXISTS ({_OVERLAPS}) THEN {_raise(OVERLAP)}; END IF;
            END IF;
            RETURN NEW;
        END $$"""
    yield f"""
        CREATE OR REPLACE FUNCTION {VERSION_TABLE}_guard_parts() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM {VERSION_TABLE}
                WHERE id = OLD.version_id AND status = 'published') THEN {_raise(FIXED)}; END IF;
            IF TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM {VERSION_TABLE}
                WHERE id = NEW.version_id AND status = 'published') THEN {_raise(FIXED)}; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        END $$"""  # noqa: S608


def _postgresql() -> Iterator[tuple[str, str, str]]:
    yield (
        f"{VERSION_TABLE}_fixed",
        VERSION_TABLE,
        f"BEFORE INSERT OR UPDATE OR DELETE ON {VERSION_TABLE}"
        f" FOR EACH ROW EXECUTE FUNCTION {VERSION_TABLE}_guard()",
    )
    for table in PARTS:
        yield (
            f"{table}_fixed",
            table,
            f"BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {VERSION_TABLE}_guard_parts()",
        )


def _tables_exist(connection: Any) -> bool:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    return {VERSION_TABLE, *PARTS} <= set(tables)


def _tables_are_present(connection: Any) -> bool:
    """Whether all tables stand, with the columns of the present models."""
    if not _tables_exist(connection):
        return False
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, VERSION_TABLE)
    return set(_columns()) <= {column.name for column in described}


def install(connection: Any) -> None:
    """Put the triggers in place, as the present models want them."""
    if not _tables_are_present(connection):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, _table, statement in _sqlite():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(f"CREATE TRIGGER {name} {statement}")
            return
        for function in _postgresql_functions():
            cursor.execute(function)
        for name, table, statement in _postgresql():
            cursor.execute(f"CREATE OR REPLACE TRIGGER {name} {statement}")
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def missing(connection: Any) -> list[str]:
    """Return the names of triggers that are not in place; none where there are no tables."""
    if not _tables_exist(connection):
        return []
    sqlite = connection.vendor == "sqlite"
    wanted = {name for name, _table, _statement in (_sqlite() if sqlite else _postgresql())}
    with connection.cursor() as cursor:
        if sqlite:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'")
        return sorted(wanted - {name for (name,) in cursor.fetchall()})


def remove(connection: Any) -> None:
    """Drop the triggers; they come back with `install`."""
    if not _tables_exist(connection):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, _table, _statement in _sqlite():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for name, table, _statement in _postgresql():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def remove_before_migrate(sender: Any, using: str, plan: Any = (), **_arguments: Any) -> None:
    """Receiver of `pre_migrate`: make way for migrations of these tables on SQLite."""
    from django.db import connections

    if connections[using].vendor == "sqlite" and any(
        migration.app_label == "veterans" for migration, _backwards in plan
    ):
        remove(connections[using])


def install_after_migrate(sender: Any, using: str, **_arguments: Any) -> None:
    """Receiver of `post_migrate`."""
    from django.db import connections

    install(connections[using])
