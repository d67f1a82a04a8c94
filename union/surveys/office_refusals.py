"""What the office of surveys does not do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal


class NotAtThisPoint(Refusal):
    """The survey is at another point than the step needs."""

    status = 409
    title = _("Not possible at this point")


class CannotLaunch(Refusal):
    """The survey cannot begin as it stands; the sentence says why."""

    status = 422
    title = _("The survey cannot begin yet")


class WrongList(Refusal):
    """A list of employee numbers has mistakes; each is named by row and column."""

    status = 422
    title = _("Nobody was invited: the list has mistakes")

    def __init__(self, message: object, problems: list[str]) -> None:
        super().__init__(message)
        self.problems = problems


class NotInvited(Refusal):
    """The account is not among those who are asked."""

    status = 403
    title = _("You are not asked this time")
