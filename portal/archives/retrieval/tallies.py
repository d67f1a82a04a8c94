"""How many records are alike: triggers count, the worker tidies up, searches read sums.

A search that asks only for what is counted here knows its total and all its facets without
looking at a single record, and it knows in which years and units its records are.
"""

# ruff: noqa: S608 (statements are put together from names of our own tables only)

from __future__ import annotations

import logging
from typing import Any

from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.archives.models import Record, RecordTally

logger = logging.getLogger(__name__)

RECORDS = Record._meta.db_table
TALLIES = RecordTally._meta.db_table
#: Columns that are counted, the same in both tables.
COLUMNS = ("year", "unit_id", "kind", "state", "class_code", "period", "access_level")
#: The column of the sums that holds how archive codes begin, up to their last hyphen.
SERIES = "code_series"
#: Rows that may lie about before they are put together.
LOOSE_ROWS = 2_000
#: A table of so few bytes is read in no time, whatever room is in it.
SMALL_TABLE_BYTES = 8_000_000
#: Four times what a row takes.
MOST_BYTES_OF_A_ROW = 500
LOCK_PATIENCE = "2s"


def _series(code: str) -> str:
    """Return SQL that takes the item number off a code; one without hyphens stays whole.

    Whatever stands behind the last hyphen consists of what the code has besides hyphens.
    """
    return f"coalesce(nullif(rtrim({code}, replace({code}, '-', '')), ''), {code}, '')"


def _values(row: str = "") -> str:
    own = f"{row}." if row else ""
    return ", ".join([*(f"{own}{name}" for name in COLUMNS), _series(f"{own}archive_code")])


_NAMES = ", ".join([*COLUMNS, SERIES])
_NEW, _OLD, _OF_RECORD = _values("NEW"), _values("OLD"), _values()
_WATCHED = ", ".join([*COLUMNS, "archive_code"])
_INTO = f"INSERT INTO {TALLIES} ({_NAMES}, number, loose)"
_UP = f"{_INTO} VALUES ({_NEW}, 1, true);"
_DOWN = f"{_INTO} VALUES ({_OLD}, -1, true);"
_SQLITE = {
    f"{TALLIES}_insert": f"AFTER INSERT ON {RECORDS} BEGIN {_UP} END",
    f"{TALLIES}_delete": f"AFTER DELETE ON {RECORDS} BEGIN {_DOWN} END",
    f"{TALLIES}_update": (
        f"AFTER UPDATE OF {_WATCHED} ON {RECORDS} WHEN "
        + " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in (*COLUMNS, "archive_code"))
        + f" BEGIN {_DOWN} {_UP} END"
    ),
}
_POSTGRESQL_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION {TALLIES}_step() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN {_DOWN} END IF;
        IF TG_OP <> 'DELETE' THEN {_UP} END IF;
        RETURN NULL;
    END $$
"""
_POSTGRESQL = {
    f"{TALLIES}_insert_delete": (
        f"AFTER INSERT OR DELETE ON {RECORDS} FOR EACH ROW EXECUTE FUNCTION {TALLIES}_step()"
    ),
    f"{TALLIES}_update": (
        f"AFTER UPDATE OF {_WATCHED} ON {RECORDS} FOR EACH ROW"
        f" WHEN (({_OLD}) IS DISTINCT FROM ({_NEW})) EXECUTE FUNCTION {TALLIES}_step()"
    ),
}


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of the triggers that are not in place."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            wanted = _SQLITE.keys()
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
                [RECORDS],
            )
        else:
            wanted = _POSTGRESQL.keys()
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D'",
                [RECORDS],
            )
        return sorted(wanted - {name for (name,) in cursor.fetchall()})


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers where one is missing, and count anew then: steps may have been lost."""
    if not {RECORDS, TALLIES} <= set(connection.introspection.table_names()):
        return
    if not missing(connection) or not _has_series(connection):
        return
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                for name, body in _SQLITE.items():
                    cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")
            else:
                cursor.execute(_POSTGRESQL_FUNCTION)
                for name, body in _POSTGRESQL.items():
                    cursor.execute(f"CREATE OR REPLACE TRIGGER {name} {body}")
        rebuild(connection)


def _has_series(connection: BaseDatabaseWrapper) -> bool:
    """Whether the table has all columns: a migration may stop, or go back, before that."""
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, TALLIES)
    return SERIES in {column.name for column in columns}


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: before a migration that changes the table of the numbers."""
    with connection.cursor() as cursor:
        for name in _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL:
            on = "" if connection.vendor == "sqlite" else f" ON {RECORDS}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def install_after_migrate(using: str = "default", **kwargs: Any) -> None:
    """Put back triggers that a rebuilt table lost. Receiver of ``post_migrate``."""
    install(connections[using])


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Count all records anew; writers of records wait meanwhile."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {RECORDS} IN SHARE MODE")
        cursor.execute(f"DELETE FROM {TALLIES}")
        cursor.execute(
            f"{_INTO} SELECT {_OF_RECORD}, count(*), false FROM {RECORDS} GROUP BY {_OF_RECORD}"
        )


def compact(using: str = "default", at_least: int = LOOSE_ROWS) -> int:
    """Put alike rows together when many lie about; return how many rows that saved."""
    connection = connections[using]
    rows = RecordTally.objects.using(using)
    if rows.filter(loose=True).count() < at_least:
        return 0
    before = rows.count()
    summed = f"SELECT {_NAMES}, sum(number), false"
    grouped = f"GROUP BY {_NAMES} HAVING sum(number) <> 0"
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One statement sees one state: what others add meanwhile is neither lost nor doubled.
            cursor.execute(
                f"WITH gone AS (DELETE FROM {TALLIES} RETURNING {_NAMES}, number)"
                f" {_INTO} {summed} FROM gone {grouped}"
            )
        else:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {TALLIES}")
            (newest,) = cursor.fetchone()
            cursor.execute(
                f"{_INTO} {summed} FROM {TALLIES} WHERE id <= %s {grouped}",
                [newest],
            )
            cursor.execute(f"DELETE FROM {TALLIES} WHERE id <= %s", [newest])
    return before - rows.count()


def shrink(using: str = "default") -> bool:
    """Write the table anew where most of it is room that deleted rows left; return whether it was.

    Every search reads all of the table, its empty room too. Only PostgreSQL leaves that inside.
    Writers of records wait meanwhile, some tenths of a second; where readers do not let go of the
    table, the next day tries again.
    """
    connection = connections[using]
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_relation_size('{TALLIES}'), (SELECT count(*) FROM {TALLIES})")
        size, rows = cursor.fetchone()
        if size < SMALL_TABLE_BYTES or size < rows * MOST_BYTES_OF_A_ROW:
            return False
        cursor.execute(f"SET lock_timeout = '{LOCK_PATIENCE}'")
        try:
            cursor.execute(f"VACUUM (FULL, ANALYZE) {TALLIES}")
        except OperationalError as error:
            # In use, or no room for a second copy: the sums are right all the same.
            logger.warning("The record counts keep their room until tomorrow: %s", error)
            return False
        finally:
            cursor.execute("RESET lock_timeout")
    return True


def daily() -> str:
    """Tidy up once a day."""
    saved = compact()
    shrink()
    return f"{saved} rows of record counts put together"


def differences(connection: BaseDatabaseWrapper) -> int:
    """Return in how many kinds of alike records the counts are wrong; 0 is right."""
    both = (
        f"SELECT {_NAMES}, number FROM {TALLIES} UNION ALL SELECT {_OF_RECORD}, -1 FROM {RECORDS}"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM ({both}) AS steps"
            f" GROUP BY {_NAMES} HAVING sum(number) <> 0) AS wrong"
        )
        (wrong,) = cursor.fetchone()
        return int(wrong)
