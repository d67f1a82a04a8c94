"""Put the test database back to the state right after the migrations, quickly and exactly.

Django's own way after a test with real commits is to flush every table and to send `post_migrate`.
That takes seconds, loses what data migrations wrote (Wagtail's root page, locale, collections) and
is refused by the ledger, whose triggers forbid deleting. Here the state after the migrations is
remembered once and copied back: on SQLite page by page into the database file, on PostgreSQL row by
row with triggers and foreign keys off for the session that copies. Primary keys stay what they
were, so content types and permissions that a process keeps in memory stay right.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

# Seconds: how long to wait for a thread of the test that still holds the database.
PATIENCE = 15.0
# PostgreSQL schema for the copies of the rows that the migrations wrote.
SCHEMA = "after_migrations"

_remembered: dict[str, Any] = {}


class DatabaseStillInUse(AssertionError):
    """A thread or process of the test left a transaction open, so nothing can be put back."""


def remember(alias: str = "default") -> None:
    """Keep the present content of the database; called once, right after the migrations."""
    connection = connections[alias]
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(copy)
        _remembered[alias] = copy
    else:
        _remembered[alias] = _remember_postgresql(connection)


def restore(alias: str = "default") -> None:
    """Put the remembered content back and forget what the process cached of the other.

    Raises:
        DatabaseStillInUse: when an open transaction of another thread or process blocks it.
    """
    connection = connections[alias]
    connection.close()
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        _restore_sqlite(connection, _remembered[alias])
    else:
        _restore_postgresql(connection, _remembered[alias])
    connection.close()
    # The signed heads of a ledger that is gone would be faults of the next one.
    shutil.rmtree(settings.LEDGER_HEAD_DIR, ignore_errors=True)
    forget_cached_values()


def forget_cached_values() -> None:
    """Empty the caches: primary keys are used again, so an old entry would be a wrong answer."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    ContentType.objects.clear_cache()


def _restore_sqlite(connection: BaseDatabaseWrapper, copy: sqlite3.Connection) -> None:
    deadline = time.monotonic() + PATIENCE

    def give_up_in_time(status: int, remaining: int, total: int) -> None:
        # Without this the copy waits for ever for a lock that nobody gives back.
        if remaining and time.monotonic() > deadline:
            raise DatabaseStillInUse("A thread of the test still holds the SQLite database.")

    copy.backup(connection.connection, progress=give_up_in_time)


def _tables(cursor: CursorWrapper) -> list[str]:
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " ORDER BY 1"
    )
    return [name for (name,) in cursor.fetchall()]


def _remember_postgresql(connection: BaseDatabaseWrapper) -> str:
    """Copy every row aside; return the statements that put everything back."""
    quote = connection.ops.quote_name
    deletions, insertions = [], []
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        for table in _tables(cursor):
            name = quote(table)
            deletions.append(f"DELETE FROM public.{name}")
            cursor.execute(f"SELECT EXISTS (SELECT FROM public.{name})")
            if not cursor.fetchone()[0]:
                continue
            cursor.execute(f"CREATE TABLE {SCHEMA}.{name} AS TABLE public.{name}")
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
                [f"public.{name}"],
            )
            columns = ", ".join(quote(column) for (column,) in cursor.fetchall())
            insertions.append(
                f"INSERT INTO public.{name} ({columns}) OVERRIDING SYSTEM VALUE"
                f" SELECT {columns} FROM {SCHEMA}.{name}"
            )
        cursor.execute(
            "SELECT sequencename, last_value, start_value FROM pg_sequences"
            " WHERE schemaname = 'public'"
        )
        # A sequence that was never drawn from has no last value yet.
        sequences = [
            f"PERFORM setval('public.{quote(name)}', {last or first}, {last is not None})"
            for name, last, first in cursor.fetchall()
        ]
        # The ledger's triggers hold even for a session without triggers, as they must.
        cursor.execute(
            "SELECT relname, tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
            " JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND tgenabled = 'A' ORDER BY 1, 2"
        )
        guards = [(quote(table), quote(trigger)) for table, trigger in cursor.fetchall()]
    lift = [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in guards]
    lower = [f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for table, name in guards]
    body = "; ".join([*lift, *deletions, *insertions, *sequences, *lower])
    return (
        f"SET session_replication_role = replica; SET lock_timeout = '{PATIENCE:.0f}s';"
        f" DO $restore$ BEGIN {body}; END $restore$"
    )


def _restore_postgresql(connection: BaseDatabaseWrapper, statements: str) -> None:
    from psycopg.errors import LockNotAvailable

    try:
        # Straight to the driver: this must not count as a query of the portal, nor run its hooks.
        connection.connection.execute(statements)
    except LockNotAvailable as error:
        raise DatabaseStillInUse("A transaction of the test is still open.") from error
