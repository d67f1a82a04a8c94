"""What second looks add to the portal: the flow, messages, the inventory."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.notifications.messages import NEWS_TEMPLATE, register_message
from portal.personal_data.inventory import register_personal_fields
from portal.personal_data.kinds import SensitiveKind
from veterans.appeals import flow

_TEXTS = {
    flow.ASKED: (
        _("Second look asked for"),
        _("%(item)s: your request has the number %(number)s."),
    ),
    flow.UPHELD: (
        _("You are right"),
        _("%(item)s (%(number)s): the case is decided again by other people."),
    ),
    flow.DISMISSED: (
        _("The decision stands"),
        _("%(item)s (%(number)s): the decision stands. The page says why and what you can do."),
    ),
}


def register() -> None:
    """Register once, when the application is ready."""
    flow.register()
    for code, (title, text) in _TEXTS.items():
        register_message(code, title, text, NEWS_TEMPLATE, sensitive=True)
    register_personal_fields(
        "veterans.Appeal",
        {"reason": SensitiveKind.STATUS},
        purpose="办理对决定不服的复核申请",
        basis="个人信息保护法第十三条第一款第三项",
        retention="随案卷保管30年",
    )
