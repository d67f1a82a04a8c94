"""What is refused about money, with the words for the person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.refusals import ChangedMeanwhile, Refusal


class AboveYourLimit(Refusal):
    """The amount is above what the roles of the account approve."""

    title = _("This amount is above your limit")


class BudgetUsedUp(Refusal):
    """The budget of the item and year does not cover the amount."""

    status = 422
    title = _("The budget does not cover it")


class NotThisMoney(Refusal):
    """What was asked for does not fit the money as it stands."""

    status = 422
    title = _("This is not possible")


class MoneyMoved(ChangedMeanwhile):
    """Somebody else changed the money first."""
