"""What people are told of objections: that there is news and where, never who or what."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.notifications.messages import NEWS_TEMPLATE, register_message
from portal.notifications.recipients import Recipient
from portal.notifications.services import notify
from portal.public_notices.models import Objection

RAISED, ANSWERED = "objection-raised", "objection-answered"


def register() -> None:
    """Register the messages once, when the application is ready."""
    register_message(
        RAISED,
        _("Objection to a public notice"),
        _("Somebody objects to a public notice of your office. It stands still until the answer."),
        NEWS_TEMPLATE,
        sensitive=True,
    )
    register_message(
        ANSWERED,
        _("Your objection was answered"),
        _("The responsible unit has answered your objection to a public notice."),
        NEWS_TEMPLATE,
        sensitive=True,
    )


def tell_office(objection: Objection) -> None:
    """Tell those who published the notice, but nobody whom it names or who objects themselves."""
    notice = objection.notice
    named = set(notice.subjects.values_list("pk", flat=True))
    told = [
        Recipient(user=user)
        for user in (notice.drafted_by, notice.approved_by)
        if user and user.person_id not in named and user.pk != objection.raised_by_id
    ]
    notify(
        RAISED,
        told,
        {},
        event_key=f"objection:{objection.pk}:raised",
        url=objection.get_absolute_url(),
    )


def tell_objector(objection: Objection) -> None:
    """Tell the one who objected that there is an answer."""
    notify(
        ANSWERED,
        [Recipient(user=objection.raised_by)],
        {},
        event_key=f"objection:{objection.pk}:answered",
        url=objection.get_absolute_url(),
    )
