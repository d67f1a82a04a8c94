"""What cannot be read or changed because of a record's level, with the words for the person."""

from __future__ import annotations

from typing import Self

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal


class SealedUnreadable(Refusal):
    """Sealed content of a record cannot be opened."""

    status = 503
    title = _("This record cannot be opened at the moment")
    # For reports that people and programs read; named so that each cause is a fault of its own.
    problem = "the sealed content cannot be opened"

    @classmethod
    def standard(cls) -> Self:
        """Return the refusal with its usual words."""
        return cls(
            _(
                "The sealed content of this record cannot be opened. Please tell the archivist "
                "the record number."
            )
        )


class RecordKeyGone(SealedUnreadable):
    """The key of a sealed record is not in the database."""

    problem = "the key of its record is gone"


class RecordKeyUnreadable(SealedUnreadable):
    """No configured key of the portal opens the key of a record."""

    problem = "no configured key opens the key of its record"

    @classmethod
    def standard(cls) -> Self:
        """Return the refusal with its usual words."""
        return cls(
            _(
                "The portal lacks the key that opens this record. Please tell the system "
                "administrator: a key is missing in FIELD_ENCRYPTION_KEYS."
            )
        )


class SealBroken(SealedUnreadable):
    """Sealed bytes were changed, cut short, moved or put in another order."""

    problem = "the sealed bytes were changed"


class LevelChanged(RuntimeError):
    """Somebody changed the level of a record while its files were being made."""


class SameLevel(Refusal):
    """The record already has the level that was chosen."""

    status = 422
    title = _("Nothing was changed")
