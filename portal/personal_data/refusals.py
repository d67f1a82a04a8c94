"""What the portal does not do with personal data, with the words for the person."""

from __future__ import annotations

from typing import Self

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal


class _Standard(Refusal):
    words = _("This is not possible")

    @classmethod
    def standard(cls) -> Self:
        """Return the refusal with its usual words."""
        return cls(cls.words)


class RevealRefused(_Standard):
    """The account may not look at this value."""

    title = _("You may not look at this number")
    words = _("Your role does not include whole numbers of this kind. Please ask your leader.")


class AlreadyShown(_Standard):
    """The same form was sent before, or the page was loaded again."""

    status = 409
    title = _("The number was shown already")
    words = _("A number is shown once for each reason. Please enter the reason again.")


class DataFrozen(_Standard):
    """The data is only kept by law; nobody works with it."""

    title = _("This data is frozen")
    words = _(
        "The data is kept only because the law asks for it. If it is needed for a dispute, please"
        " ask the discipline auditor."
    )


class ConsentMissing(Refusal):
    """A separate consent is missing, or the notice has a newer version."""

    status = 422
    title = _("A consent is missing")


class NoNotice(LookupError):
    """No privacy notice of this code is in force."""


class ExportRefused(Refusal):
    """An export cannot be asked for, approved or fetched."""

    status = 409
    title = _("This export is not possible")


class NotYourDecision(_Standard):
    """The request is one's own, or the role does not approve exports."""

    title = _("Another person has to decide")
    words = _("Nobody approves an export of personal data for themselves.")
