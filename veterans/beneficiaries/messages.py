"""What people of the register are told; never who, how much or which number."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.notifications.messages import NEWS_TEMPLATE, register_message

ENTRUSTED, REVOKED = "support-entrusted", "support-entrust-revoked"
ACCOUNT, CONFIRM, STOPPED = "support-account", "support-confirm", "support-stopped"
RESTORED, YEAR_PAID = "support-restored", "support-year-paid"

_TEXTS = {
    ENTRUSTED: (
        _("Somebody may act for you"),
        _("The service station has verified a letter of authority. The page says what it opens."),
    ),
    REVOKED: (
        _("A right to act was revoked"),
        _("From now on it opens nothing any more. The page says which one."),
    ),
    ACCOUNT: (
        _("Please confirm where the money goes"),
        _("%(item)s: somebody who acts for you wrote an account. It counts once you confirm it."),
    ),
    CONFIRM: (
        _("Please confirm once a year"),
        _(
            "%(item)s: please confirm until %(due_on)s that nothing has changed. One button is"
            " enough."
        ),
    ),
    STOPPED: (
        _("A benefit was stopped"),
        _("%(item)s: it was not confirmed in time. You may confirm it now, or call us."),
    ),
    RESTORED: (_("A benefit goes on"), _("%(item)s: it was confirmed and goes on.")),
    YEAR_PAID: (
        _("The next year was paid"),
        _("%(item)s: the money for the next year was paid. The page says for which time."),
    ),
}


def register() -> None:
    """Register the messages; outside the portal each says only that there is news."""
    for code, (title, text) in _TEXTS.items():
        register_message(code, title, text, NEWS_TEMPLATE, sensitive=True)
