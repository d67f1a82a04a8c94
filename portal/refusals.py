"""What the portal does not do, said so that a person knows why and what to do next."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """Something the portal does not do, with the status and the words for the person.

    Attributes:
        status: HTTP status, 403, 409 or 422.
        title: what happened, in a few words.
        message: the sentence with the cause and the remedy.
        links: (label, address) pairs that lead on.
    """

    status = 403
    title: Any = _("This is not possible")

    def __init__(self, message: Any, links: list[tuple[Any, str]] | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.links = links or []


class NotYours(Refusal):
    """The account may not do this."""

    title = _("This is not yours to do")


class TooLate(Refusal):
    """The time for it is over, or has not come."""

    status = 409
    title = _("This is not possible any more")


class ChangedMeanwhile(Refusal):
    """Somebody else was first, so things are not as the person saw them."""

    status = 409
    title = _("Somebody else acted first")


class NotPossible(Refusal):
    """Something is missing or wrong; the message says what."""

    status = 422
    title = _("This is not possible yet")
