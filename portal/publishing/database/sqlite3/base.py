"""SQLite with capture before commit."""

from __future__ import annotations

from django.db.backends.sqlite3 import base

from portal.publishing.database import CaptureBeforeCommit


class DatabaseWrapper(CaptureBeforeCommit, base.DatabaseWrapper):
    """Django's SQLite wrapper that settles the capture queue before each commit."""
