"""The flow of a second look (复核): asked for, examined and decided by others than the first time.

Source: 行政复议法 and 信访工作条例 as models; the limits are rows of `HandlingLimit`.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.archives.sources import ContentPart
from portal.cases.flow import (
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
from portal.cases.flow.shared_states import WITHDRAWN, draft
from portal.cases.history import step_rows, steps_text
from portal.cases.models import Case, CaseEvent
from portal.notifications.recipients import Recipient
from veterans.appeals import effects, rules
from veterans.applications.contacts import contacts
from veterans.limits import APPEAL_DECIDE, limit
from veterans.models import Appeal, Application

APPLICANT, EXAMINER, DECIDER = "applicant", "examiner", "decider"
START, STOP = ClockAction.START, ClockAction.STOP
ASKED, UPHELD, DISMISSED = "appeal-asked", "appeal-upheld", "appeal-dismissed"

PARTIES = (
    Party(APPLICANT, _("Applicant"), PartyKind.APPLICANT, turn=_("you")),
    Party(
        EXAMINER,
        _("Second look"),
        roles=("veterans_officer", "union_staff"),
        turn=_("the second look"),
    ),
    Party(
        DECIDER,
        pgettext_lazy("appeal", "Decision"),
        roles=("union_chair", "party_approver"),
        turn=_("the decision by the leaders"),
    ),
)
WAIT = _("Nothing to do. Please wait.")
STATES = (
    draft(APPLICANT),
    State("submitted", pgettext_lazy("appeal", "Asked for"), EXAMINER, WAIT, "answer", "look"),
    State("examined", pgettext_lazy("appeal", "Looked at"), DECIDER, WAIT, "answer", "decide"),
    State(
        "upheld",
        pgettext_lazy("appeal", "Upheld"),
        final=True,
        outcome=_("It is decided again by others."),
        step="decide",
        tone="green",
    ),
    State(
        "dismissed",
        pgettext_lazy("appeal", "Dismissed"),
        final=True,
        outcome=_("The decision stands."),
        step="decide",
        tone="red",
    ),
    WITHDRAWN,
)
STEPS = (
    Step("hand-in", _("Handed in")),
    Step("look", _("Second look")),
    Step("decide", pgettext_lazy("appeal", "Decision")),
)
TRANSITIONS = (
    Transition(
        "submit",
        _("Ask for a second look"),
        ("draft",),
        "submitted",
        (APPLICANT,),
        guards=(rules.IN_TIME,),
        effects=(effects.HAND_IN,),
        clocks=(("answer", START),),
        applicant_reads=_("You asked for a second look."),
        message=ASKED,
        clause="行政复议法第二十条（参照）",
    ),
    Transition(
        "examine",
        _("Hand in what was found"),
        ("submitted",),
        "examined",
        (EXAMINER,),
        guards=(rules.OTHERS_LOOK,),
        fields=("note",),
        applicant_reads=_("The second look is done."),
        clause="复核由未参与原决定的人员办理",
    ),
    Transition(
        "uphold",
        _("Uphold: decide the case again"),
        ("examined",),
        "upheld",
        (DECIDER,),
        guards=(rules.OTHERS_LOOK,),
        effects=(effects.UPHOLD,),
        clocks=(("answer", STOP),),
        fields=("reason", "note"),
        distinct_from=("examine",),
        applicant_reads=_("You are right. It is decided again."),
        message=UPHELD,
        clause="复核成立的，由其他人员重新审核、审批",
    ),
    Transition(
        "dismiss",
        _("Dismiss: the decision stands"),
        ("examined",),
        "dismissed",
        (DECIDER,),
        guards=(rules.OTHERS_LOOK,),
        effects=(effects.END,),
        clocks=(("answer", STOP),),
        fields=("reason", "note"),
        distinct_from=("examine",),
        applicant_reads=_("The decision stands."),
        message=DISMISSED,
        tone="danger",
        clause="说明理由并告知救济途径",
    ),
    Transition(
        "withdraw",
        _("Withdraw"),
        ("submitted", "examined"),
        "withdrawn",
        (APPLICANT,),
        effects=(effects.END,),
        clocks=(("answer", STOP),),
        applicant_reads=_("You withdrew the request."),
        tone="danger",
        is_work=False,
    ),
)


def _days(_case: Case, _appeal: Any) -> int:
    return limit(APPEAL_DECIDE, timezone.localdate()).days


def _contacts(case: Case) -> list[Recipient]:
    """Return where the first case was told; who asks may be another, whose phone it is not."""
    appeal = effects.appeal_of(case)
    if appeal is None or appeal.of_case.applicant_id != case.applicant_id:
        return []
    return contacts(appeal.of_case)


def _naming(indexes: Any) -> Q:
    """Return the condition on second looks at cases that name somebody by identity number."""
    first = Application.objects.filter(identity_number_index__in=indexes)
    return Q(pk__in=Appeal.objects.filter(of_case__in=first.values("pk")).values("pk"))


def case_file(case: Case, events: list[CaseEvent]) -> dict[str, Any]:
    """Return the file as plain values: what was asked, about which case, what was decided."""
    appeal: Appeal = case.subject
    return {
        "people": [str(case.applicant)] if case.applicant else [],
        "of": appeal.of_case.number,
        "reason": appeal.reason,
        "steps": step_rows(case, events),
    }


def case_parts(content: dict[str, Any]) -> list[ContentPart]:
    """Return the same as readable text."""
    return [
        ContentPart("of", "原受理编号", content["of"]),
        ContentPart("reason", "复核理由", content["reason"]),
        ContentPart("steps", "办理过程", steps_text(content["steps"])),
    ]


APPEAL = Flow(
    code=rules.FLOW,
    name=_("Second look at a decision"),
    prefix="FH",
    parties=PARTIES,
    states=STATES,
    transitions=TRANSITIONS,
    clocks=(
        Clock(
            "answer",
            _("Answer to the second look"),
            _days,
            DayKind.CALENDAR,
            clause="信访工作条例第三十五条（参照）",
        ),
    ),
    steps=STEPS,
    initial="draft",
    subject_of=effects.appeal_of,
    case_file=case_file,
    case_parts=case_parts,
    archive_kind=("veterans-appeal-case", _("Case file of a second look")),
    readers=("discipline_auditor",),
    leaders=("union_chair",),
    contacts=_contacts,
    names=_naming,
    templates={
        "office": "veterans/appeals/office_facts.html",
        "applicant": "veterans/appeals/applicant_facts.html",
    },
)


def register() -> None:
    """Register the flow."""
    register_flow(APPEAL)
