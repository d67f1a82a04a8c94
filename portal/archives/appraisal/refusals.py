"""What the appraisal refuses, with the words for the person."""

from __future__ import annotations

from typing import Self

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal


class NotDestroyable(Refusal):
    """A record cannot be put on a destruction list; the message says why."""

    status = 422
    title = _("This record cannot be put on a destruction list")


class NotTheSamePerson(Refusal):
    """Proposal, approval and witness of a destruction belong to four different people."""

    title = _("This takes another person")

    @classmethod
    def standard(cls) -> Self:
        """Return the refusal with its usual words."""
        return cls(
            _(
                "Who proposes a destruction list, who approves it and its two witnesses are four "
                "different people. Please ask a colleague."
            )
        )


class NotApprover(Refusal):
    """The account may not approve destruction lists."""

    title = _("Only the approver of the archive may do this")

    @classmethod
    def standard(cls) -> Self:
        """Return the refusal with its usual words."""
        return cls(_("A destruction list is approved by the Party committee secretary."))


class NotWitness(Refusal):
    """The account is no witness of the list."""

    title = _("Only a witness of this list may sign")

    @classmethod
    def standard(cls) -> Self:
        """Return the refusal with its usual words."""
        return cls(_("The witnesses were named when the list was proposed."))


class NotOnThisList(Refusal):
    """What was asked does not fit where the list or the hold stands."""

    status = 409
    title = _("Nothing was changed")


class ListNotReady(Refusal):
    """The list lacks something that the next step needs."""

    status = 422
    title = _("The list is not ready yet")
