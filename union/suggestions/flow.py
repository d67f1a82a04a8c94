"""The flow of suggestions for improvement (合理化建议): reviewed, done, checked, scored, awarded.

Source: chapter 4.3 of the domain facts; limits, scorers, criteria and tiers are rows.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.flow import (
    Clock,
    ClockAction,
    Flow,
    Party,
    PartyKind,
    State,
    Step,
    Transition,
    register_flow,
)
from portal.cases.flow.shared_states import WITHDRAWN, draft
from union import participation_rules as rules
from union.suggestions import case_file, step_forms, steps
from union.suggestions.permissions import FLOW, REVIEWER_ROLES, SCORER, SCORER_ROLES

AUTHOR, REVIEWER, OFFICE, DECIDER = "author", "reviewer", "office", "decider"
START, STOP = ClockAction.START, ClockAction.STOP
ADOPTED, DEFERRED = "suggestion-adopted", "suggestion-deferred"
DECLINED, AWARDED = "suggestion-declined", "suggestion-awarded"
RULES = "合理化建议奖励办法（默认，参照工会法第三十二条）：{}"
WAIT = _("Nothing to do. Please wait.")


def _days(code: str) -> Any:
    return lambda _case, _suggestion: rules.number(code)


STATES = (
    draft(AUTHOR),
    State(
        "submitted", pgettext_lazy("suggestion", "In review"), REVIEWER, WAIT, "review", "review"
    ),
    State(
        "deferred",
        pgettext_lazy("suggestion", "Deferred"),
        AUTHOR,
        _("Please see what is missing."),
        step="review",
        tone="amber",
        change=_("Complete the suggestion"),
    ),
    State(
        "adopted",
        pgettext_lazy("suggestion", "Adopted, being done"),
        REVIEWER,
        WAIT,
        step="do",
    ),
    State(
        "implemented",
        pgettext_lazy("suggestion", "Done, effect to be checked"),
        OFFICE,
        WAIT,
        "score",
        "check",
    ),
    State("verified", pgettext_lazy("suggestion", "Being scored"), DECIDER, WAIT, "score", "check"),
    State(
        "awarded",
        pgettext_lazy("suggestion", "Awarded"),
        final=True,
        outcome=_("Your suggestion was awarded."),
        step="award",
        tone="green",
    ),
    State(
        "closed",
        pgettext_lazy("suggestion", "Done without an award"),
        final=True,
        outcome=_("It is done, without an award."),
        step="award",
        tone="green",
    ),
    State(
        "declined",
        pgettext_lazy("suggestion", "Not adopted"),
        final=True,
        outcome=_("It was not adopted. Please see why."),
        step="review",
        tone="red",
    ),
    WITHDRAWN,
)
REVIEW = (
    Transition(
        "submit",
        _("Hand in"),
        ("draft",),
        "submitted",
        (AUTHOR,),
        effects=(steps.NUMBER,),
        clocks=(("review", START),),
        applicant_reads=_("You handed the suggestion in."),
        clause=RULES.format("职工可以随时提出合理化建议"),
    ),
    Transition(
        "adopt",
        pgettext_lazy("suggestion", "Adopt it"),
        ("submitted",),
        "adopted",
        (REVIEWER,),
        clocks=(("review", STOP),),
        fields=("reason", "note"),
        applicant_reads=_("Your suggestion is adopted."),
        message=ADOPTED,
        clause=RULES.format("基层单位评审，十五个工作日内答复"),
    ),
    Transition(
        "defer",
        pgettext_lazy("suggestion", "Defer it"),
        ("submitted",),
        "deferred",
        (REVIEWER,),
        clocks=(("review", STOP),),
        fields=("reason", "note"),
        applicant_reads=_("It is deferred for now."),
        message=DEFERRED,
        tone="quiet",
        clause=RULES.format("条件不成熟的暂缓，说明理由"),
    ),
    Transition(
        "decline",
        pgettext_lazy("suggestion", "Do not adopt it"),
        ("submitted",),
        "declined",
        (REVIEWER,),
        clocks=(("review", STOP),),
        fields=("reason", "note"),
        applicant_reads=_("It was not adopted."),
        message=DECLINED,
        tone="danger",
        clause=RULES.format("不采纳的说明理由"),
    ),
    Transition(
        "resubmit",
        pgettext_lazy("suggestion", "Hand in once more"),
        ("deferred",),
        "submitted",
        (AUTHOR,),
        clocks=(("review", START),),
        applicant_reads=_("You handed it in once more."),
    ),
    Transition(
        "withdraw",
        pgettext_lazy("suggestion", "Withdraw"),
        ("submitted", "deferred"),
        "withdrawn",
        (AUTHOR,),
        clocks=(("review", STOP),),
        applicant_reads=_("You withdrew the suggestion."),
        tone="danger",
        is_work=False,
    ),
)
AWARD = (
    Transition(
        "report_done",
        pgettext_lazy("suggestion", "Report it done"),
        ("adopted",),
        "implemented",
        (REVIEWER,),
        clocks=(("score", START),),
        fields=("reason", "note"),
        applicant_reads=_("Your suggestion is put into practice."),
        clause=RULES.format("实施单位报告实施情况"),
    ),
    Transition(
        "verify",
        pgettext_lazy("suggestion", "Confirm the effect"),
        ("implemented",),
        "verified",
        (OFFICE,),
        effects=(steps.VERIFY,),
        fields=("verified_benefit", "verification", "note"),
        distinct_from=("adopt", "report_done"),
        applicant_reads=_("The effect was checked."),
        clause=RULES.format("评奖前进行效果验证，核定年效益"),
    ),
    Transition(
        "not_effective",
        pgettext_lazy("suggestion", "The effect is not there: do it again"),
        ("implemented",),
        "adopted",
        (OFFICE,),
        clocks=(("score", STOP),),
        fields=("reason", "note"),
        distinct_from=("adopt", "report_done"),
        applicant_reads=_("The effect is not there yet."),
        tone="quiet",
        clause=RULES.format("效果未达到的，继续改进"),
    ),
    Transition(
        "award",
        pgettext_lazy("suggestion", "Decide on the award"),
        ("verified",),
        "awarded",
        (DECIDER,),
        guards=(steps.SCORED, steps.NOT_SCORER, steps.REACHES_AWARD),
        effects=(steps.AWARD,),
        clocks=(("score", STOP),),
        fields=("note",),
        distinct_from=("verify",),
        applicant_reads=_("Your suggestion is awarded."),
        message=AWARDED,
        clause=RULES.format("按平均分和年效益确定奖励等级"),
    ),
    Transition(
        "close_without",
        pgettext_lazy("suggestion", "Close without an award"),
        ("verified",),
        "closed",
        (DECIDER,),
        guards=(steps.SCORED, steps.NOT_SCORER),
        clocks=(("score", STOP),),
        fields=("reason", "note"),
        distinct_from=("verify",),
        applicant_reads=_("It was closed without an award."),
        tone="danger",
        clause=RULES.format("未达到奖励等级的，说明理由后归档"),
    ),
)
SUGGESTIONS = Flow(
    code=FLOW,
    name=_("Suggestion for improvement"),
    prefix="HL",
    parties=(
        Party(AUTHOR, pgettext_lazy("suggestion", "Author"), PartyKind.APPLICANT, turn=_("you")),
        Party(
            REVIEWER,
            pgettext_lazy("suggestion", "Review by the unit"),
            roles=REVIEWER_ROLES,
            turn=pgettext_lazy("suggestion", "the unit"),
        ),
        Party(
            OFFICE,
            pgettext_lazy("suggestion", "Effect check"),
            roles=("union_staff",),
            turn=_("the effect check"),
        ),
        Party(
            SCORER,
            pgettext_lazy("suggestion", "Scorers"),
            roles=SCORER_ROLES,
            turn=_("the scorers"),
        ),
        Party(
            DECIDER,
            pgettext_lazy("suggestion", "Decision on the award"),
            roles=("union_chair",),
            turn=_("the scorers and the decision"),
        ),
    ),
    states=STATES,
    transitions=(*REVIEW, *AWARD),
    clocks=(
        Clock(
            "review",
            pgettext_lazy("suggestion", "Review"),
            _days(rules.SUGGESTION_REVIEW),
            clause=RULES.format("收到之日起十五个工作日内评审并答复"),
        ),
        Clock(
            "score",
            pgettext_lazy("suggestion", "Check and award"),
            _days(rules.SUGGESTION_SCORE),
            clause=RULES.format("报告实施之日起二十个工作日内验证、评分、评奖"),
        ),
    ),
    steps=(
        Step("hand-in", _("Handed in")),
        Step("review", pgettext_lazy("suggestion", "Reviewed by the unit")),
        Step("do", pgettext_lazy("suggestion", "Put into practice")),
        Step("check", pgettext_lazy("suggestion", "Checked and scored")),
        Step("award", pgettext_lazy("suggestion", "Awarded")),
    ),
    initial="draft",
    subject_of=steps.suggestion_of,
    case_file=case_file.case_file,
    case_parts=case_file.case_parts,
    archive_kind=("union-suggestion-case", _("Case file of a suggestion")),
    readers=("discipline_auditor",),
    leaders=("union_chair",),
    forms={"verify": step_forms.VerifyForm},
    templates={
        "office": "union/suggestions/office_facts.html",
        "applicant": "union/suggestions/applicant_facts.html",
    },
    draft_address=lambda case: reverse("suggestion_edit", args=[case.pk]),
    concerns=steps.concerns,
)


def register() -> None:
    """Register the flow."""
    register_flow(SUGGESTIONS)
