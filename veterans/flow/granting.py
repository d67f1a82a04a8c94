"""What was approved reaches the person: money by finance, the rest by the service station."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.cases.flow import ClockAction, Transition
from veterans.applications import effects, guards, messages
from veterans.beneficiaries import steps as people
from veterans.flow.parties import PAYER, STATION
from veterans.payments import budgets

START, PAUSE, STOP = ClockAction.START, ClockAction.PAUSE, ClockAction.STOP
# Finance is another human than who reviewed and who approved.
DECIDERS = ("review", "approve", "approve_directly")

TRANSITIONS = (
    Transition(
        "provide",
        _("Say what was arranged"),
        ("arranging",),
        "provided",
        (STATION,),
        fields=("reason", "note"),
        clocks=(("payment", STOP), ("rating", START)),
        distinct_from=("review", "approve", "approve_in_kind"),
        applicant_reads=_("It was arranged."),
        message=messages.PROVIDED,
        clause="优待标准第二条附表：不以金钱给予的，由服务站落实",
    ),
    Transition(
        "pay",
        _("Order the payment"),
        ("approved",),
        "paying",
        (PAYER,),
        guards=(guards.ACCOUNT_CONFIRMED,),
        effects=(effects.ORDER_PAYMENT,),
        fields=("confirmed", "note"),
        distinct_from=DECIDERS,
        applicant_reads=_("The payment was ordered."),
        clause="收款账户户名应为受益人本人",
    ),
    Transition(
        "confirm_payment",
        _("Confirm the payment"),
        ("paying",),
        "paid",
        (PAYER,),
        effects=(effects.PAID, budgets.SPEND, people.RUNS),
        clocks=(("payment", STOP), ("rating", START)),
        fields=("note",),
        distinct_from=DECIDERS,
        applicant_reads=_("The money was paid."),
        message=messages.PAID,
        batch_clause="凭银行回单成批确认",
    ),
    Transition(
        "fail_payment",
        _("The payment failed"),
        ("paying",),
        "approved",
        (PAYER,),
        effects=(effects.FAILED,),
        fields=("reason", "note"),
        distinct_from=DECIDERS,
        applicant_reads=_("The payment failed and is tried again."),
        tone="danger",
    ),
    Transition(
        "request_account",
        _("Ask for another account"),
        ("approved",),
        "correcting",
        (PAYER, STATION),
        effects=(effects.LIST_ACCOUNT,),
        clocks=(("payment", PAUSE), ("correction", START)),
        fields=("reason", "note"),
        distinct_from=DECIDERS,
        applicant_reads=_("Please give us another account."),
        message=messages.CORRECTION,
        tone="quiet",
        clause="发放失败的，由申请人更正收款账户后再次发放",
        is_work=False,
    ),
)
