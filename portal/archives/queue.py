"""What the running transaction must have compared with the archive before it commits."""

from __future__ import annotations

import contextlib
from typing import Any

from django.db import connections, transaction

_ATTRIBUTE = "portal_capture_queue"


class NoTransaction(RuntimeError):
    """Something was to be captured outside a transaction."""


def whole_transaction(using: str = "default") -> contextlib.AbstractContextManager[Any]:
    """Join the running transaction, or open one; never a savepoint, which costs two statements."""
    if connections[using].in_atomic_block:
        return contextlib.nullcontext()
    return transaction.atomic(using=using)


def enqueue(source_kind: str, source_id: str, using: str = "default") -> None:
    """Ask that a source be compared with the archive right before the commit.

    Raises:
        NoTransaction: no transaction is running, so there is no commit to come before.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise NoTransaction("Capture needs a transaction: wrap the write in atomic().")
    queue: dict[tuple[str, str], None] = getattr(connection, _ATTRIBUTE, {})
    queue[(source_kind, source_id)] = None
    setattr(connection, _ATTRIBUTE, queue)


def forget(connection: Any) -> None:
    """Empty the queue: its transaction was rolled back."""
    setattr(connection, _ATTRIBUTE, {})


def waiting(using: str = "default") -> list[tuple[str, str]]:
    """Return what is queued."""
    return list(getattr(connections[using], _ATTRIBUTE, {}))


def settle(connection: Any) -> None:
    """Write the records of everything queued; called by the engine before each commit."""
    if not getattr(connection, _ATTRIBUTE, None):
        return
    from portal.archives.capture import capture_all

    using = connection.alias
    # No savepoint: the engine rolls the whole transaction back on any error.
    with transaction.atomic(using=using, savepoint=False):
        while queued := waiting(using):
            forget(connection)
            capture_all(queued, using)
