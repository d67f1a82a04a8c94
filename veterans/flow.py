"""The flow of an application for support, from hand-in to payment (优待申请流程).

Source: the flow of the veterans chapter of the domain facts, after the Administrative
Licensing Law (articles 32, 42, 82) as a model. Time limits are data of the standard.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.flow import (
    PREVIOUS,
    Clock,
    ClockAction,
    DayKind,
    Flow,
    Party,
    PartyKind,
    State,
    Step,
    Transition,
    register_flow,
)
from portal.cases.models import Case
from veterans.appeals import effects as appeal_effects
from veterans.appeals.rules import OTHERS_DECIDE_AGAIN
from veterans.applications import (
    changed_standard,
    effects,
    guards,
    messages,
    personal_data,
    step_forms,
)
from veterans.applications.case_file import case_file, case_parts
from veterans.beneficiaries import steps as people
from veterans.beneficiaries.representatives import FLOW_RULE
from veterans.models import Application
from veterans.payments import amounts, budgets, limits
from veterans.ratings.services import FOLLOWED
from veterans.statistics.effects import COUNTED

FLOW = "veterans-support"
APPLICANT, STATION, REVIEWER = "applicant", "station", "reviewer"
APPROVER, PAYER, SYSTEM = "approver", "payer", "system"
START, PAUSE, RESUME, STOP = (
    ClockAction.START,
    ClockAction.PAUSE,
    ClockAction.RESUME,
    ClockAction.STOP,
)
RATING_DAYS = 15

PARTIES = (
    Party(APPLICANT, _("Applicant"), PartyKind.APPLICANT, turn=_("you")),
    Party(
        STATION, _("Service station"), roles=("veterans_officer",), turn=_("the service station")
    ),
    Party(REVIEWER, _("Union review"), roles=("union_staff",), turn=_("the review by the union")),
    Party(
        APPROVER,
        _("Approval"),
        roles=("union_chair", "party_approver"),
        turn=_("the approval by the leaders"),
    ),
    Party(PAYER, _("Finance"), roles=("finance_payer",), turn=_("the payment by finance")),
    Party(SYSTEM, _("The portal"), PartyKind.SYSTEM, turn=_("the public notice")),
)

STEPS = (
    Step("hand-in", _("Handed in")),
    Step("correction", _("Correction")),
    Step("acceptance", _("Acceptance")),
    Step("review", _("Union review")),
    Step("approval", _("Approval")),
    Step("notice", _("Public notice")),
    Step("payment", _("Payment")),
)

STATES = (
    State(
        "draft",
        pgettext_lazy("case", "Draft"),
        APPLICANT,
        _("Please finish and hand it in."),
        step="hand-in",
        tone="",
    ),
    State(
        "submitted",
        _("Handed in"),
        STATION,
        _("Nothing to do. Please wait."),
        "acceptance",
        "acceptance",
    ),
    State(
        "correcting",
        _("To be corrected"),
        APPLICANT,
        _("Please put right what is listed."),
        "correction",
        "correction",
        tone="amber",
        change=_("Put it right now"),
    ),
    State(
        "accepted",
        pgettext_lazy("case", "Accepted"),
        REVIEWER,
        _("Nothing to do. Please wait."),
        "decision",
        "review",
    ),
    State(
        "in_review",
        _("Reviewed again"),
        REVIEWER,
        _("Nothing to do. Please wait."),
        "decision",
        "review",
    ),
    State(
        "reviewed",
        _("Waiting for approval"),
        APPROVER,
        _("Nothing to do. Please wait."),
        "decision",
        "approval",
    ),
    State(
        "notice",
        _("Public notice"),
        SYSTEM,
        _("Nothing to do until the notice ends."),
        "",
        "notice",
    ),
    State(
        "approved",
        pgettext_lazy("case", "Approved"),
        PAYER,
        _("It is approved. Please wait for it."),
        "payment",
        "payment",
        tone="green",
    ),
    State(
        "paying",
        _("Being paid"),
        PAYER,
        _("The money is on its way."),
        "payment",
        "payment",
        tone="green",
    ),
    State(
        "paid",
        pgettext_lazy("case", "Paid"),
        APPLICANT,
        _("Please check it and rate us."),
        "rating",
        "payment",
        tone="green",
    ),
    State(
        "arranging",
        _("Being arranged"),
        STATION,
        _("It is approved. We arrange it."),
        "payment",
        "payment",
        tone="green",
    ),
    State(
        "provided",
        _("Arranged"),
        APPLICANT,
        _("Please look at it and rate us."),
        "rating",
        "payment",
        tone="green",
    ),
    State(
        "rejected",
        _("Not approved"),
        APPLICANT,
        _("Please read why it was not approved."),
        "rating",
        "approval",
        tone="red",
    ),
    State(
        "closed",
        pgettext_lazy("case", "Closed"),
        final=True,
        outcome=_("This matter is finished."),
        step="payment",
        tone="green",
    ),
    State(
        "not_accepted",
        _("Not accepted"),
        final=True,
        outcome=_("It was not accepted."),
        step="acceptance",
        tone="red",
    ),
    State(
        "withdrawn",
        pgettext_lazy("case", "Withdrawn"),
        final=True,
        outcome=_("It was withdrawn."),
        tone="",
    ),
)

WITHDRAWABLE = ("submitted", "correcting", "accepted", "in_review", "reviewed")
# Finance is another human than who reviewed and who approved.
DECIDERS = ("review", "approve", "approve_directly")
MONEY_GUARDS = (limits.WITHIN_LIMIT, limits.DECISION_NAMED, amounts.CHANGE_AGREED)
CORRECTABLE = ("submitted", "accepted", "in_review")

TRANSITIONS = (
    Transition(
        "submit",
        _("Hand in"),
        ("draft",),
        "submitted",
        (APPLICANT,),
        guards=(
            guards.STANDARD_IN_FORCE,
            guards.COMPLETE,
            guards.CONSENT_GIVEN,
            guards.NOT_TWICE,
            people.RIGHT,
            changed_standard.CHANGE_SEEN,
        ),
        effects=(effects.HAND_IN, people.REUSE),
        clocks=(("acceptance", START),),
        applicant_reads=_("You handed in the application."),
        message=messages.SUBMITTED,
        clause="行政许可法第二十九条（参照）",
    ),
    Transition(
        "request_correction",
        _("Ask for correction"),
        CORRECTABLE,
        "correcting",
        (STATION, REVIEWER),
        guards=(guards.FIRST_NOTICE, guards.SOMETHING_LISTED),
        effects=(effects.LIST_CORRECTIONS,),
        clocks=(("acceptance", PAUSE), ("decision", PAUSE), ("correction", START)),
        fields=("items", "note"),
        applicant_reads=_("Something has to be put right."),
        message=messages.CORRECTION,
        tone="quiet",
        clause="行政许可法第三十二条第四项：一次告知需要补正的全部内容",
    ),
    Transition(
        "request_again",
        _("Ask for a second correction"),
        CORRECTABLE,
        "correcting",
        (APPROVER,),
        guards=(guards.SECOND_NOTICE, guards.SOMETHING_LISTED),
        effects=(effects.LIST_CORRECTIONS,),
        clocks=(("acceptance", PAUSE), ("decision", PAUSE), ("correction", START)),
        fields=("items", "reason", "note"),
        applicant_reads=_("Something more has to be put right."),
        message=messages.CORRECTION,
        tone="quiet",
        clause="一次性告知的例外：由领导说明理由",
        is_work=False,
    ),
    Transition(
        "resubmit",
        _("Hand in the correction"),
        ("correcting",),
        PREVIOUS,
        (APPLICANT, STATION),
        guards=(guards.EVERYTHING_CORRECTED, guards.COMPLETE),
        effects=(effects.TAKE_CORRECTIONS,),
        clocks=(
            ("correction", STOP),
            ("acceptance", RESUME),
            ("decision", RESUME),
            ("payment", RESUME),
        ),
        applicant_reads=_("You handed in the correction."),
    ),
    Transition(
        "lapse",
        _("End without correction"),
        ("correcting",),
        "withdrawn",
        (SYSTEM,),
        guards=(guards.CORRECTION_OVERDUE,),
        effects=(effects.END, budgets.RELEASE),
        clocks=(("correction", STOP), ("acceptance", STOP), ("decision", STOP), ("payment", STOP)),
        applicant_reads=_("The time for the correction is over. You may apply again."),
        message=messages.LAPSED,
        clause="逾期未补正，视为撤回，可以重新申请",
    ),
    Transition(
        "accept",
        _("Accept"),
        ("submitted",),
        "accepted",
        (STATION,),
        clocks=(("acceptance", STOP), ("decision", START)),
        batch_clause="受理只核对材料是否齐全，可以成批办理",
        applicant_reads=_("Your application was accepted."),
        message=messages.ACCEPTED,
        clause="行政许可法第三十二条第五项",
    ),
    Transition(
        "auto_accept",
        _("Count as accepted"),
        ("submitted",),
        "accepted",
        (SYSTEM,),
        guards=(guards.ACCEPTANCE_OVERDUE,),
        clocks=(("acceptance", STOP), ("decision", ClockAction.START_FROM_HAND_IN)),
        applicant_reads=_("Your application counts as accepted."),
        message=messages.ACCEPTED,
        clause="行政许可法第三十二条：逾期不告知的，自收到申请材料之日起即为受理",
    ),
    Transition(
        "decline",
        _("Do not accept"),
        ("submitted",),
        "not_accepted",
        (STATION,),
        effects=(
            COUNTED,
            effects.END,
        ),
        clocks=(("acceptance", STOP),),
        fields=("reason_code", "reason", "note"),
        applicant_reads=_("The application was not accepted."),
        message=messages.DECLINED,
        tone="danger",
        clause="行政许可法第三十二条第一、二项",
    ),
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


def _days(stage: str, otherwise: int) -> Any:
    """Return what reads the days of a stage from the standard that binds the case."""

    def days(case: Case, application: Any) -> int:
        limit = application.version.limit(stage) if application.version else None
        return limit.days if limit else otherwise

    return days


CLOCKS = (
    Clock(
        "acceptance",
        _("Acceptance"),
        _days("acceptance", 5),
        clause="行政许可法第三十二条",
        then="auto_accept",
    ),
    Clock(
        "correction",
        _("Correction"),
        _days("correction", 15),
        clause="岚川市优待办法（演示）：补正期限",
        of_applicant=True,
        then="lapse",
        lapses=True,
    ),
    Clock(
        "decision",
        pgettext_lazy("case", "Decision"),
        _days("decision", 20),
        clause="行政许可法第四十二条",
        extension=10,
        extension_clause="行政许可法第四十二条：经批准可以延长十日",
    ),
    Clock("payment", _("Payment"), _days("payment", 10), clause="发放时限"),
    Clock(
        "rating",
        _("Rating"),
        lambda _case, _application: RATING_DAYS,
        DayKind.CALENDAR,
        clause="国办发〔2019〕51号（参照）",
        of_applicant=True,
        then="close",
    ),
)

SUPPORT = Flow(
    code=FLOW,
    name=_("Application for support"),
    prefix="YJ",
    parties=PARTIES,
    states=STATES,
    transitions=TRANSITIONS,
    clocks=CLOCKS,
    steps=STEPS,
    initial="draft",
    subject_of=effects.application_of,
    case_file=case_file,
    case_parts=case_parts,
    archive_kind=("veterans-support-case", _("Case file of veterans' support")),
    readers=("discipline_auditor",),
    leaders=("union_chair",),
    forms=step_forms.FORMS,
    draft_address=lambda case: reverse("support_application", args=[case.pk]),
    names=lambda indexes: Q(
        pk__in=Application.objects.filter(identity_number_index__in=indexes).values("pk")
    ),
    representatives=FLOW_RULE,
    papers=(STATION, REVIEWER, APPROVER),
    templates={
        "office": "veterans/applications/office_facts.html",
        "applicant": "veterans/applications/applicant_facts.html",
        "tracking": "veterans/applications/tracking_facts.html",
    },
)


def register() -> None:
    """Register the flow, its messages and what public notices call."""
    register_flow(SUPPORT)
    messages.register()
    effects.register_notice_callbacks()
    personal_data.register()
