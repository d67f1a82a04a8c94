"""What is refused around opinions, with the words for the person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal


class NotPossible(Refusal):
    """Something is missing or wrong in what was asked for."""

    status = 422
    title = _("This is not possible now")


class DoneAlready(Refusal):
    """Somebody else did it first."""

    status = 409
    title = _("Somebody else acted first")
