"""Review, approval and public notice: who reviews, who approves and who pays are three people.

Source: Administrative Licensing Law, article 38, as a model.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.flow import ClockAction, Transition
from veterans.appeals.rules import OTHERS_DECIDE_AGAIN
from veterans.applications import effects, guards, messages
from veterans.beneficiaries import steps as people
from veterans.flow.parties import APPROVER, REVIEWER, SYSTEM
from veterans.payments import amounts, budgets, limits
from veterans.statistics.effects import COUNTED

START, PAUSE, RESUME, STOP = (
    ClockAction.START,
    ClockAction.PAUSE,
    ClockAction.RESUME,
    ClockAction.STOP,
)
MONEY_GUARDS = (limits.WITHIN_LIMIT, limits.DECISION_NAMED, amounts.CHANGE_AGREED)

TRANSITIONS = (
    Transition(
        "review",
        _("Hand in the review"),
        ("accepted", "in_review"),
        "reviewed",
        (REVIEWER,),
        guards=(OTHERS_DECIDE_AGAIN, guards.AMOUNT_KNOWN, amounts.CHANGE_EXPLAINED),
        effects=(effects.COMPUTE, amounts.CHANGE, people.KEEP),
        fields=("opinion", "note"),
        distinct_from=("approve", "approve_directly", "pay", *people.WRITERS),
        applicant_reads=_("The review is done."),
        clause="审核与审批由不同人员办理",
    ),
    Transition(
        "return",
        _("Send back to the review"),
        ("reviewed",),
        "in_review",
        (APPROVER,),
        guards=(OTHERS_DECIDE_AGAIN,),
        fields=("reason", "note"),
        distinct_from=("review", *people.WRITERS),
        applicant_reads=_("The review looks at it once more."),
        tone="quiet",
    ),
    Transition(
        "approve",
        pgettext_lazy("support", "Approve"),
        ("reviewed",),
        "notice",
        (APPROVER,),
        guards=(OTHERS_DECIDE_AGAIN, guards.SUPPORTED, guards.NEEDS_NOTICE, *MONEY_GUARDS),
        effects=(COUNTED, amounts.STILL_DUE, budgets.RESERVE, effects.OPEN_NOTICE),
        clocks=(("decision", PAUSE),),
        fields=("decision", "note"),
        distinct_from=("review", "pay", *people.WRITERS),
        applicant_reads=_("It is approved and shown in public."),
        message=messages.NOTICE,
        clause="公示期间不计入办理时限",
    ),
    Transition(
        "approve_directly",
        _("Approve without notice"),
        ("reviewed",),
        "approved",
        (APPROVER,),
        guards=(
            OTHERS_DECIDE_AGAIN,
            guards.SUPPORTED,
            guards.NEEDS_NO_NOTICE,
            guards.IN_MONEY,
            *MONEY_GUARDS,
        ),
        effects=(COUNTED, amounts.STILL_DUE, budgets.RESERVE),
        clocks=(("decision", STOP), ("payment", START)),
        fields=("decision", "note"),
        distinct_from=("review", "pay", *people.WRITERS),
        applicant_reads=_("It is approved."),
        message=messages.APPROVED,
    ),
    Transition(
        "approve_in_kind",
        _("Approve what is granted in kind"),
        ("reviewed",),
        "arranging",
        (APPROVER,),
        effects=(COUNTED,),
        guards=(OTHERS_DECIDE_AGAIN, guards.SUPPORTED, guards.NEEDS_NO_NOTICE, guards.IN_KIND),
        clocks=(("decision", STOP), ("payment", START)),
        fields=("note",),
        distinct_from=("review", *people.WRITERS),
        applicant_reads=_("It is approved."),
        message=messages.APPROVED,
    ),
    Transition(
        "reject",
        _("Do not approve"),
        ("reviewed",),
        "rejected",
        (APPROVER,),
        guards=(OTHERS_DECIDE_AGAIN,),
        effects=(
            COUNTED,
            effects.END,
        ),
        clocks=(("decision", STOP), ("rating", START)),
        fields=("reason_code", "reason", "note"),
        distinct_from=("review", *people.WRITERS),
        applicant_reads=_("It was not approved."),
        message=messages.REJECTED,
        tone="danger",
        clause="行政许可法第三十八条第二款：说明理由并告知救济途径",
    ),
    Transition(
        "end_notice",
        _("End the public notice"),
        ("notice",),
        "approved",
        (SYSTEM,),
        guards=(guards.NOTICE_OVER, guards.IN_MONEY),
        clocks=(("decision", STOP), ("payment", START)),
        applicant_reads=_("The public notice ended without objection."),
        message=messages.APPROVED,
        clause="公示期满且无未处理的异议",
    ),
    Transition(
        "end_notice_in_kind",
        _("End the notice of what is granted in kind"),
        ("notice",),
        "arranging",
        (SYSTEM,),
        guards=(guards.NOTICE_OVER, guards.IN_KIND),
        clocks=(("decision", STOP), ("payment", START)),
        applicant_reads=_("The public notice ended without objection."),
        message=messages.APPROVED,
        clause="公示期满且无未处理的异议",
    ),
    Transition(
        "uphold_objection",
        _("Look again after an objection"),
        ("notice",),
        "in_review",
        (SYSTEM,),
        guards=(guards.OBJECTION_UPHELD,),
        effects=(budgets.RELEASE,),
        clocks=(("decision", RESUME),),
        applicant_reads=_("The review looks at it once more."),
    ),
)
