"""PostgreSQL with capture before commit."""

from __future__ import annotations

from django.db.backends.postgresql import base

from portal.publishing.database import CaptureBeforeCommit


class DatabaseWrapper(CaptureBeforeCommit, base.DatabaseWrapper):
    """Django's PostgreSQL wrapper that settles the capture queue before each commit."""

    def init_connection_state(self) -> None:
        """Turn the compiling of statements off, which takes longer than most of ours run.

        Said here and not as an option of the connection, which pools of connections refuse.
        """
        super().init_connection_state()
        with self.connection.cursor() as cursor:
            cursor.execute("SET jit = off")
        if not self.get_autocommit():
            self.connection.commit()
