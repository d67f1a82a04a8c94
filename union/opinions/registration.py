"""What opinions add to the portal: the flows, messages, the inventory."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.notifications.messages import NEWS_TEMPLATE, register_message
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from union.opinions import flow

_TEXTS = {
    flow.RECEIVED: (
        _("Your opinion has arrived"),
        _("Your opinion has the number %(number)s. The page of the case says how it goes on."),
    ),
    flow.ANSWERED: (
        _("Your opinion was answered"),
        _("%(number)s: please read the answer and rate it."),
    ),
    flow.DECLINED: (
        _("Your opinion was not accepted"),
        _("%(number)s: the page of the case says why, and who else can help."),
    ),
}
_BASIS = "个人信息保护法第十三条第一款第三项"


def register() -> None:
    """Register once, when the application is ready."""
    flow.register()
    for code, (title, text) in _TEXTS.items():
        register_message(code, title, text, NEWS_TEMPLATE, sensitive=True)
    register_personal_fields(
        "union.Opinion",
        {"text": ORDINARY},
        purpose="办理职工意见并答复",
        basis=_BASIS,
        retention="随案卷保管10年",
    )
    register_personal_fields(
        "union.OpinionMessage",
        {"body": ORDINARY},
        purpose="就意见与提出人往来沟通",
        basis=_BASIS,
        retention="随案卷保管10年",
    )
