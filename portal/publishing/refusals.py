"""Refusals that people read: what happened, who did it, what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.refusals import ChangedMeanwhile, Refusal


class PublishingRefused(Refusal):
    """Somebody tried to put content live without a second person's approval."""

    title = _("A second person must approve this")


class NotReviewer(Refusal):
    """The account may not review this page."""

    title = _("You cannot review this page")


class OwnWork(Refusal):
    """The reviewer wrote part of what is under review."""

    title = _("You cannot approve your own work")


class AlreadyDecided(ChangedMeanwhile):
    """Somebody else acted first."""


class NewerDraft(Refusal):
    """A newer draft was saved after the reviewer looked."""

    status = 409
    title = _("A newer draft was saved")


class NothingChosen(Refusal):
    """A form came back without the choice it asks for."""

    status = 422
    title = _("Please choose first")


class FileInUse(Refusal):
    """A file that published pages cite cannot be replaced or deleted."""

    status = 409
    title = _("This file is in use")
