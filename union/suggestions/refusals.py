"""What is not done with suggestions, said in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal


class NotYours(Refusal):
    """The account may not do this."""

    title = _("This is not yours to do")


class TooLate(Refusal):
    """The time for it is over, or has not come."""

    status = 409
    title = _("This is not possible any more")


class NotPossible(Refusal):
    """Something is missing or wrong."""

    status = 422
    title = _("This is not possible yet")
