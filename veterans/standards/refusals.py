"""What is not done with standards, said in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal


class StandardRefused(Refusal):
    """Something about a standard is not possible."""

    title = _("The standard was not changed")


class NotAllowed(StandardRefused):
    """The account may not do this, or did the other half of it."""

    status = 403


class NotAtThisState(StandardRefused):
    """The version has come further, or not far enough, or was changed meanwhile."""

    status = 409


class NotComplete(StandardRefused):
    """The version cannot be published as it is."""

    status = 422
    title = _("The standard is not complete")


class NoStandardInForce(Refusal):
    """No published version of the item is in force on the day."""

    status = 409
    title = _("There is no standard in force")
