"""What the archive office refuses, with the words for the person."""

from __future__ import annotations

from typing import Self

from django.utils.translation import gettext_lazy as _

from portal.refusals import ChangedMeanwhile, Refusal


class NotArchivist(Refusal):
    """The account has no right in the archive office."""

    title = _("Only the archive office may do this")

    @classmethod
    def standard(cls) -> Self:
        """Return the refusal with its usual words."""
        return cls(
            _("This belongs to the archive office. If you need it, ask the archivist."),
        )


class NotYourUnit(Refusal):
    """The item belongs to a unit for which the account has no role."""

    title = _("This item belongs to another unit")

    @classmethod
    def standard(cls) -> Self:
        """Return the refusal with its usual words."""
        return cls(
            _("Only the part-time archivist of the unit or the archivist may correct this item.")
        )


class AlreadyHandled(ChangedMeanwhile):
    """Somebody else decided on the item first."""


class NotReady(Refusal):
    """The item lacks something that acceptance needs."""

    status = 422
    title = _("This item cannot be accepted yet")


class FrozenTemplate(Refusal):
    """A code template is in use and cannot change any more."""

    status = 409
    title = _("The template is frozen")


class TableNotEditable(Refusal):
    """A version of the scope table that was put in force cannot change any more."""

    status = 409
    title = _("This version cannot be changed any more")


class TooManyToExport(Refusal):
    """More records were found than one workbook takes."""

    status = 422
    title = _("Too many records for one workbook")

    @classmethod
    def of(cls, most: int) -> Self:
        """Return the refusal with the number that is possible."""
        return cls(
            _(
                "One workbook takes at most %(most)d records. Narrow the search down, for example "
                "by year or unit, and export part by part."
            )
            % {"most": most}
        )


class SearchNotSaved(Refusal):
    """Conditions that cannot be kept under a name."""

    status = 422
    title = _("The search was not saved")
