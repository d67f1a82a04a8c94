"""What the case machine refuses, with the words for the person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.refusals import ChangedMeanwhile, Refusal


class NotYourTurn(Refusal):
    """The account is no party that may do this."""

    title = _("This is not yours to decide")


class AlreadyMoved(ChangedMeanwhile):
    """Somebody else acted first, so the case is not where the person saw it."""


class MustBeAnother(Refusal):
    """The same human did an earlier step that must be another's (four eyes)."""

    title = _("Another person has to do this")


class Recused(Refusal):
    """The case concerns the person or a relative (回避)."""

    title = _("You have to stand aside")


class ConditionNotMet(Refusal):
    """A condition of the transition does not hold; the message says which and what to do."""

    status = 422
    title = _("This is not possible yet")


class NotInBatch(Refusal):
    """No rule allows this for many cases at once."""

    status = 422
    title = _("This is decided case by case")
