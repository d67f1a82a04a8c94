"""Refusals around public notices that people read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal


class NoticeRefused(Refusal):
    """The notice cannot be published by these people or in this form."""

    title = _("The public notice was not published")


class NoticeMoved(Refusal):
    """The notice is no longer in the state that the action needs."""

    status = 409
    title = _("The public notice has moved on")


class ObjectionClosed(Refusal):
    """Nobody can object to this notice any more, or has done so already."""

    status = 409
    title = _("No objection can be raised now")


class ObjectionRefused(Refusal):
    """This person cannot answer this objection."""

    title = _("You cannot answer this objection")


class AlreadyAnswered(Refusal):
    """Somebody else answered first."""

    status = 409
    title = _("Somebody else answered first")
