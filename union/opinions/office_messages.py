"""What the office is told about opinions: a number and a kind, never what was written."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.cases.models import Case
from portal.cases.permissions import holders
from portal.notifications.messages import register_message
from portal.notifications.services import Recipient, notify

NEW, WRITTEN = "opinion-new", "opinion-written"


def _tell(code: str, case: Case, event_key: str) -> None:
    party = case.standing.party
    roles = case.table.party(party).roles if party else ()
    notify(
        code,
        [Recipient(user=user) for user in holders(case, roles)],
        {"item": case.item, "number": case.number},
        event_key=event_key,
        url=reverse("case", args=[case.pk]),
    )


def tell_new(case: Case) -> None:
    """Tell the office that an opinion has arrived."""
    _tell(NEW, case, f"{NEW}:{case.pk}")


def tell_written(case: Case, count: int) -> None:
    """Tell those whose turn it is that the sender wrote something.

    Args:
        count: how many messages there are now.
    """
    _tell(WRITTEN, case, f"{WRITTEN}:{case.pk}:{count}")


def register() -> None:
    """Register the messages, once, when the application is ready."""
    register_message(
        NEW, _("A new opinion"), _("%(item)s (%(number)s): please decide whether it is accepted.")
    )
    register_message(
        WRITTEN, _("The sender wrote a message"), _("%(item)s (%(number)s): please read it.")
    )
