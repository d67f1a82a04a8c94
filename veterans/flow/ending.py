"""How an application ends: rated, closed, withdrawn, or taken up again after a second look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.flow import ClockAction, Transition
from veterans.appeals import effects as appeal_effects
from veterans.applications import effects, guards, messages
from veterans.flow.parties import APPLICANT, SYSTEM
from veterans.payments import budgets
from veterans.ratings.services import FOLLOWED

START, STOP = ClockAction.START, ClockAction.STOP
WITHDRAWABLE = ("submitted", "correcting", "accepted", "in_review", "reviewed")

TRANSITIONS = (
    Transition(
        "rate",
        _("Rate and finish"),
        ("paid", "provided", "rejected"),
        "closed",
        (APPLICANT,),
        effects=(effects.RATE, FOLLOWED),
        clocks=(("rating", STOP),),
        fields=("level", "words"),
        applicant_reads=_("You rated how it went."),
        clause="国办发〔2019〕51号：一事一评，自愿评价",
        is_work=False,
    ),
    Transition(
        "close",
        pgettext_lazy("support", "Close"),
        ("paid", "provided", "rejected"),
        "closed",
        (SYSTEM,),
        guards=(guards.RATING_OVERDUE,),
        clocks=(("rating", STOP),),
        applicant_reads=_("The matter was closed."),
    ),
    Transition(
        "reopen",
        _("Decide again after a second look"),
        ("rejected", "closed"),
        "in_review",
        (SYSTEM,),
        effects=(appeal_effects.REOPENED,),
        clocks=(("rating", STOP), ("decision", START)),
        applicant_reads=_("Other people decide it again."),
        clause="复核成立的，由其他人员重新审核、审批",
        is_work=False,
    ),
    Transition(
        "withdraw",
        _("Withdraw"),
        WITHDRAWABLE,
        "withdrawn",
        (APPLICANT,),
        effects=(effects.END, budgets.RELEASE),
        clocks=(("acceptance", STOP), ("correction", STOP), ("decision", STOP)),
        applicant_reads=_("You withdrew the application."),
        message=messages.WITHDRAWN,
        tone="danger",
        is_work=False,
    ),
)
