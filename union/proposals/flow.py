"""The flow of proposals (职代会提案): collected, seconded, reviewed, handled, answered, rated.

Source: chapter 4.2 of the domain facts; limits and the number of seconders are rows of
`ParticipationRule`.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.flow import Clock, DayKind, Flow, Party, PartyKind, Step, register_flow
from portal.cases.models import Case
from union import participation_rules as rules
from union.models import Proposal
from union.proposals import case_file, states, step_forms
from union.proposals.effects import proposal_of
from union.proposals.permissions import FLOW
from union.proposals.states import COMMITTEE, DELEGATES, HANDLER, OFFICE, PROPOSER, SYSTEM
from union.proposals.transitions import TRANSITIONS


def _collection_days(_case: Case, proposal: Proposal) -> int:
    return max(0, (proposal.session.closes_on - timezone.localdate()).days)


def _days(code: str) -> Any:
    return lambda _case, _proposal: rules.number(code)


CLOCKS = (
    Clock(
        "collection",
        pgettext_lazy("proposal", "Collection"),
        _collection_days,
        DayKind.CALENDAR,
        clause="职代会提案工作办法（默认）：按征集通知规定的日期",
        of_applicant=True,
        then="end_collection",
        until=_("Delegates can second it until {date}."),
    ),
    Clock(
        "review",
        pgettext_lazy("proposal", "Review"),
        _days(rules.REVIEW),
        clause="职代会提案工作办法（默认）：征集结束后十五个工作日内审查立案",
    ),
    Clock(
        "dispatch",
        pgettext_lazy("proposal", "Passing on"),
        _days(rules.DISPATCH),
        clause="职代会提案工作办法（默认）：立案后五个工作日内交办",
    ),
    Clock(
        "reply",
        pgettext_lazy("proposal", "Reply"),
        _days(rules.REPLY),
        clause="工会法第三十六条、企业民主管理规定；职代会提案工作办法（默认）：三十个工作日内书面答复",
        extension=15,
        extension_clause="职代会提案工作办法（默认）：确有困难的，经批准可以延长一次十五个工作日",
    ),
    Clock(
        "check",
        pgettext_lazy("proposal", "Looking at the reply"),
        _days(rules.CHECK),
        clause="职代会提案工作办法（默认）：工会五个工作日内审核答复",
    ),
    Clock(
        "rating",
        _("Rating"),
        _days(rules.RATING),
        DayKind.CALENDAR,
        clause="职代会提案工作办法（默认）：提案人十五日内反馈意见",
        of_applicant=True,
        then="close",
    ),
)

PROPOSALS = Flow(
    code=FLOW,
    name=_("Proposal to the workers' congress"),
    prefix="TA",
    parties=(
        Party(PROPOSER, _("Proposer"), PartyKind.APPLICANT, turn=_("you")),
        Party(
            OFFICE,
            pgettext_lazy("proposal", "Office of proposals"),
            roles=("union_staff",),
            turn=_("the office of proposals"),
        ),
        Party(
            COMMITTEE,
            _("Committee of proposals"),
            roles=("union_chair",),
            turn=_("the committee of proposals"),
        ),
        Party(
            HANDLER,
            pgettext_lazy("proposal", "Leading unit"),
            roles=("opinion_handler",),
            turn=_("the leading unit"),
            of_lead_unit=True,
        ),
        Party(
            DELEGATES,
            _("Other delegates"),
            PartyKind.SYSTEM,
            turn=_("other delegates"),
        ),
        Party(SYSTEM, _("The portal"), PartyKind.SYSTEM, turn=_("The portal")),
    ),
    states=states.STATES,
    transitions=TRANSITIONS,
    clocks=CLOCKS,
    steps=(
        Step("hand-in", _("Handed in")),
        Step("collect", pgettext_lazy("proposal", "Seconded")),
        Step("review", pgettext_lazy("proposal", "Reviewed by the committee")),
        Step("handle", pgettext_lazy("proposal", "Handled")),
        Step("rate", pgettext_lazy("proposal", "Answered and rated")),
    ),
    initial="draft",
    subject_of=proposal_of,
    case_file=case_file.case_file,
    case_parts=case_file.case_parts,
    archive_kind=("union-proposal-case", _("Case file of a proposal")),
    readers=("discipline_auditor",),
    leaders=("union_chair",),
    forms={
        "examine": step_forms.ExamineForm,
        "merge": step_forms.MergeForm,
        "turn": step_forms.TurnForm,
        "dispatch": step_forms.DispatchForm,
        "send_back": step_forms.SendBackForm,
        "reply": step_forms.ReplyForm,
        "return_reply": step_forms.ReturnReplyForm,
        "rate": step_forms.RateForm,
        "again": step_forms.AgainForm,
    },
    templates={
        "office": "union/proposals/office_facts.html",
        "applicant": "union/proposals/applicant_facts.html",
    },
    draft_address=lambda case: reverse("proposal_edit", args=[case.pk]),
)


def register() -> None:
    """Register the flow."""
    register_flow(PROPOSALS)
