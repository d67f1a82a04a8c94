"""From the hand-in to the acceptance: corrections are asked for once, with all reasons.

Source: Administrative Licensing Law, articles 29 and 32, as a model.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.cases.flow import PREVIOUS, ClockAction, Transition
from veterans.applications import changed_standard, effects, guards, messages
from veterans.beneficiaries import steps as people
from veterans.flow.parties import APPLICANT, APPROVER, REVIEWER, STATION, SYSTEM
from veterans.payments import budgets
from veterans.statistics.effects import COUNTED

START, PAUSE, RESUME, STOP = (
    ClockAction.START,
    ClockAction.PAUSE,
    ClockAction.RESUME,
    ClockAction.STOP,
)
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
)
