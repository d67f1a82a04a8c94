"""The full-text structures that Django's schema editor does not know."""

# ruff: noqa: S608 (statements are put together from names of our own tables only)

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.search.models import SearchChunk, SearchDocument, SearchPosting

POSTINGS = SearchPosting._meta.db_table
CHUNKS = SearchChunk._meta.db_table
DOCUMENTS = SearchDocument._meta.db_table
FULL_TEXT = f"{POSTINGS}_fts"
GIN_INDEX = f"{POSTINGS}_gin"

# The tokenizer "ascii" takes every character outside ASCII for a letter, so a token of ours is
# one of FTS5's. detail=none keeps no positions: a third of the size, and nothing reads them.
_SQLITE = (
    f"""CREATE VIRTUAL TABLE IF NOT EXISTS {FULL_TEXT} USING fts5(
        tokens, content='{POSTINGS}', content_rowid='position',
        tokenize='ascii', detail=none, columnsize=0)""",
    f"""CREATE TRIGGER IF NOT EXISTS {POSTINGS}_insert AFTER INSERT ON {POSTINGS} BEGIN
        INSERT INTO {FULL_TEXT}(rowid, tokens) VALUES (new.position, new.tokens); END""",
    f"""CREATE TRIGGER IF NOT EXISTS {POSTINGS}_delete AFTER DELETE ON {POSTINGS} BEGIN
        INSERT INTO {FULL_TEXT}({FULL_TEXT}, rowid, tokens)
        VALUES ('delete', old.position, old.tokens); END""",
)

_CREATE_GIN_INDEX = (
    f"CREATE INDEX IF NOT EXISTS {GIN_INDEX} ON {POSTINGS} USING gin (tokens)"
    " WITH (gin_pending_list_limit = 1024)"
)

_POSTGRESQL = (
    # Token sets live out of line, so that the rows stay slim: reading the positions of a word
    # that half of all documents have touches few pages.
    f"ALTER TABLE {POSTINGS} ALTER COLUMN tokens SET STORAGE EXTERNAL",
    # Without statistics the planner takes every word for rare and uses the index. With them it
    # reads the whole table for frequent words, not knowing what unpacking each set costs.
    f"ALTER TABLE {POSTINGS} ALTER COLUMN tokens SET STATISTICS 0",
    # Nor may several processes read it all, which looks cheaper still and is not.
    f"ALTER TABLE {POSTINGS} SET (parallel_workers = 0)",
    _CREATE_GIN_INDEX,
)

#: Pages of FTS5 that one rebuild merges at most.
_MERGED_PAGES = 500

_FASTER_COMPRESSION = (
    f"ALTER TABLE {CHUNKS} ALTER COLUMN normal SET COMPRESSION lz4",
    f"ALTER TABLE {CHUNKS} ALTER COLUMN text SET COMPRESSION lz4",
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Create whatever of the structures is missing. Safe to repeat."""
    if POSTINGS not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL:
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT 'lz4' = ANY(enumvals) FROM pg_settings"
                " WHERE name = 'default_toast_compression'"
            )
            row = cursor.fetchone()
            if row and row[0]:
                for statement in _FASTER_COMPRESSION:
                    cursor.execute(statement)


def install_after_migrate(using: str = "default", **kwargs: Any) -> None:
    """Put triggers back that a rebuilt table lost. Receiver of ``post_migrate``."""
    install(connections[using])


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Remove the full-text structures; the tables stay."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP INDEX IF EXISTS {GIN_INDEX}")
            return
        cursor.execute(f"DROP TRIGGER IF EXISTS {POSTINGS}_insert")
        cursor.execute(f"DROP TRIGGER IF EXISTS {POSTINGS}_delete")
        cursor.execute(f"DROP TABLE IF EXISTS {FULL_TEXT}")


def clear(connection: BaseDatabaseWrapper) -> None:
    """Delete every row of the index at once."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {POSTINGS}, {CHUNKS}, {DOCUMENTS}")
            return
    # Without its triggers SQLite empties a table in one stroke.
    uninstall(connection)
    with connection.cursor() as cursor:
        for table in (POSTINGS, CHUNKS, DOCUMENTS):
            cursor.execute(f"DELETE FROM {table}")
    install(connection)


def suspend_index(connection: BaseDatabaseWrapper) -> None:
    """Drop the GIN index before the first large load; :func:`install` makes it again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX IF EXISTS {GIN_INDEX}")


def settle(connection: BaseDatabaseWrapper, *, first_load: bool) -> None:
    """Tidy up after a load, so that the first searches are as fast as later ones.

    Args:
        connection: of the index.
        first_load: whether the index was empty before; only then SQLite merges all of it,
            which rewrites it and keeps other writers waiting.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            command = "'optimize', NULL" if first_load else f"'merge', {_MERGED_PAGES}"
            cursor.execute(f"INSERT INTO {FULL_TEXT}({FULL_TEXT}, rank) VALUES ({command})")
            cursor.execute(f"ANALYZE {DOCUMENTS}")
            cursor.execute(f"ANALYZE {CHUNKS}")
        else:
            # Asked first, because making an index is refused inside a transaction that wrote.
            cursor.execute("SELECT to_regclass(%s)", [GIN_INDEX])
            if cursor.fetchone()[0] is None:
                cursor.execute(_CREATE_GIN_INDEX)
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [GIN_INDEX])
            for table in (DOCUMENTS, CHUNKS, POSTINGS):
                cursor.execute(f"ANALYZE {table}")
