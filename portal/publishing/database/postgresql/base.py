"""PostgreSQL with capture before commit."""

from __future__ import annotations

from django.db.backends.postgresql import base

from portal.publishing.database import CaptureBeforeCommit


class DatabaseWrapper(CaptureBeforeCommit, base.DatabaseWrapper):
    """Django's PostgreSQL wrapper that settles the capture queue before each commit."""
