"""Database engines that finish the archive's work inside the transaction.

Django offers a hook after the commit, which is too late: a process killed in between would
leave a live page without its record. These engines call the capture queue right before the
commit of the outermost transaction, so the record is written in the same transaction, from
the state that is committed, and the ledger's lock is taken last and once.
"""

from __future__ import annotations

from typing import Any


class CaptureBeforeCommit:
    """Mixed into a database wrapper: settle the capture queue, then commit."""

    def commit(self) -> None:
        """Settle and commit; on any error nothing of the transaction remains."""
        from portal.archives import queue
        from portal.publishing import approvals

        connection: Any = self
        try:
            queue.settle(connection)
        except BaseException:
            connection.rollback()
            raise
        approvals.forget(connection)
        super().commit()  # type: ignore[misc]

    def rollback(self) -> None:
        """Forget what was queued and roll back."""
        from portal.archives import queue
        from portal.publishing import approvals

        queue.forget(self)
        approvals.forget(self)
        super().rollback()  # type: ignore[misc]

    def close(self) -> None:
        """Forget what was queued and close."""
        from portal.archives import queue
        from portal.publishing import approvals

        queue.forget(self)
        approvals.forget(self)
        super().close()  # type: ignore[misc]
