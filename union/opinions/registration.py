"""What opinions add to the portal: the flows, messages, the inventory."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.anonymous_requests import quiet_logs, register_anonymous_prefix
from portal.cases.doors import register_case_door
from portal.minute_jobs import register_minute_job
from portal.notifications.messages import NEWS_TEMPLATE, register_message
from portal.personal_data.inventory import ORDINARY, register_personal_fields
from portal.roles.daily_jobs import register_daily_job
from union.anonymity import checks as anonymity_checks
from union.anonymity import puzzles
from union.opinions import flow, naming, office_messages, office_registration, release
from union.opinions.clerk_views import may_enter
from union.opinions.dialogue import ASKED

#: Below it nobody is known; named in the snippet for the reverse proxy as well.
ANONYMOUS_PREFIX = "/participation/opinions/anonymous/"
_TEXTS = {
    flow.RECEIVED: (
        _("Your opinion has arrived"),
        _("%(item)s: your opinion has the number %(number)s. Its page says how it goes on."),
    ),
    flow.ANSWERED: (
        _("Your opinion was answered"),
        _("%(item)s (%(number)s): please read the answer and rate it."),
    ),
    flow.DECLINED: (
        _("Your opinion was not accepted"),
        _("%(item)s (%(number)s): its page says why, and who else can help."),
    ),
}
_TEXTS[ASKED] = (_("A question about your opinion"), _("%(number)s: please read and answer it."))
_BASIS = "个人信息保护法第十三条第一款第三项"


def register() -> None:
    """Register once, when the application is ready."""
    register_anonymous_prefix(ANONYMOUS_PREFIX)
    quiet_logs()
    anonymity_checks.register()
    flow.register()
    office_messages.register()
    office_registration.register()
    register_case_door(_("Write down an opinion"), "opinion_entry_boxes", may_enter)
    register_minute_job("Releasing opinions", release.release_due)
    register_daily_job("spent-challenges", puzzles.forget_spent)
    register_daily_job("opinion-releases", release.forget_slots)
    register_daily_job("opinion-receipts", naming.forget_receipts)
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
        "union.QuarantinedItem",
        {"preview": ORDINARY},
        purpose="核实短时间内大量涌入的意见",
        basis=_BASIS,
        retention="核实后即移出",
    )
    register_personal_fields(
        "union.OpinionMessage",
        {"body": ORDINARY},
        purpose="就意见与提出人往来沟通",
        basis=_BASIS,
        retention="随案卷保管10年",
    )
