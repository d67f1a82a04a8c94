"""What the applicant is told; every text says only that and where, never how much or for whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.notifications.messages import NEWS_TEMPLATE, register_message

SUBMITTED, CORRECTION, ACCEPTED = "support-submitted", "support-correction", "support-accepted"
DECLINED, NOTICE, APPROVED = "support-declined", "support-notice", "support-approved"
REJECTED, PAID, WITHDRAWN = "support-rejected", "support-paid", "support-withdrawn"
PROVIDED = "support-provided"
LAPSED = "support-lapsed"

_TEXTS = {
    SUBMITTED: (
        _("Application received"),
        _("%(item)s: your application has the number %(number)s."),
    ),
    CORRECTION: (
        _("Please put something right"),
        _("%(item)s (%(number)s): something has to be put right. The page says what."),
    ),
    ACCEPTED: (_("Application accepted"), _("%(item)s (%(number)s) was accepted.")),
    DECLINED: (
        _("Application not accepted"),
        _("%(item)s (%(number)s) was not accepted. The page says why and where to turn."),
    ),
    NOTICE: (_("Public notice"), _("%(item)s (%(number)s) is shown in a public notice.")),
    APPROVED: (_("Application approved"), _("%(item)s (%(number)s) was approved.")),
    REJECTED: (
        _("Application not approved"),
        _("%(item)s (%(number)s) was not approved. The page says why and what you can do."),
    ),
    PAID: (_("The money was paid"), _("%(item)s (%(number)s): please check your account.")),
    PROVIDED: (
        _("It was arranged"),
        _("%(item)s (%(number)s) was arranged. The page says when and where."),
    ),
    WITHDRAWN: (_("Application withdrawn"), _("%(item)s (%(number)s) was withdrawn.")),
    LAPSED: (
        _("Application ended"),
        _("%(item)s (%(number)s): the time for the correction is over. You may apply again."),
    ),
}


def register() -> None:
    """Register the messages; outside the portal each says only that there is news."""
    for code, (title, text) in _TEXTS.items():
        register_message(code, title, text, NEWS_TEMPLATE, sensitive=True)
