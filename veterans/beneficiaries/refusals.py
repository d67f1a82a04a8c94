"""What the register of beneficiaries refuses, with the words for the person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal


class RegisterRefused(Refusal):
    """Something about the register is not possible."""

    status = 422
    title = _("The register was not changed")


class NotTheKeeper(RegisterRefused):
    """The account does not keep the register."""

    status = 403


class InvitationRefused(RegisterRefused):
    """A code cannot be made or used."""

    title = _("The invitation was not made")


class RepresentationRefused(RegisterRefused):
    """Somebody cannot act for somebody else."""

    title = _("Nobody was entrusted with anything")


class RightEnded(Refusal):
    """The right to act for somebody else is over, revoked, or was never verified."""

    title = _("You may not act for this person any more")
