"""Backups of the archive, and the drill that proves that they can be restored."""
