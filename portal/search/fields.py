"""The column that holds the tokens of a document."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class TokenSetField(models.Field):
    """A set of tokens: ``tsvector`` without positions on PostgreSQL, text on SQLite.

    Positions are never used, so PostgreSQL's limits on them (16,383 positions, 256 to a
    lexeme) cannot lose a phrase; whether a phrase really occurs is read from the text.
    Rows are written by :mod:`portal.search.storage`, never through this field.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the type of the column."""
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_internal_type(self) -> str:
        """Return a name that no database back end treats specially."""
        return "TokenSetField"

    def formfield(self, **kwargs: Any) -> None:
        """Token sets are not edited."""
        return None
