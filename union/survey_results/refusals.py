"""What is not done with results, said in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal


class NotYours(Refusal):
    """The account may not do this."""

    title = _("This is not yours to do")


class NotYet(Refusal):
    """Something has to happen first."""

    status = 422
    title = _("This is not possible yet")


class ChangedMeanwhile(Refusal):
    """Somebody else was faster."""

    status = 409
    title = _("Somebody else was faster")
