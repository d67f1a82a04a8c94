"""What keeps a backup or a drill from being made."""

from __future__ import annotations


class RecoveryFailed(Exception):
    """A backup could not be made, or could not be restored; the message says what to do."""
