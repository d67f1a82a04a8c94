"""The flow of a round (评选): notice, nominations, examination, judges, list, notice, decision.

Source: chapter 3.2 of the domain facts.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honors.models import Round
from honors.rounds import case_file, step_forms
from honors.rounds.effects import round_of
from honors.rounds.permissions import (
    AUDITOR_ROLES,
    COMMITTEE_ROLES,
    OFFICE_ROLES,
    apart,
    concerns,
)
from honors.rounds.states import COMMITTEE, FLOW, NOMINATORS, OFFICE, PUBLIC, STATES, SYSTEM
from honors.rounds.transitions import TRANSITIONS
from portal.cases.flow import Clock, DayKind, Flow, Party, PartyKind, Step, register_flow
from portal.cases.models import Case


def _nominating_days(_case: Case, round_: Any) -> int:
    found: Round = round_
    return max(0, (found.closes_on - timezone.localdate()).days)


ROUNDS = Flow(
    code=FLOW,
    name=_("Honors round"),
    prefix="PX",
    parties=(
        Party(
            OFFICE,
            pgettext_lazy("round", "Party affairs department"),
            roles=OFFICE_ROLES,
            turn=pgettext_lazy("round", "the Party affairs department"),
        ),
        Party(
            COMMITTEE,
            _("Party committee"),
            roles=COMMITTEE_ROLES,
            turn=pgettext_lazy("round", "the Party committee"),
        ),
        Party(NOMINATORS, _("Nominators"), PartyKind.SYSTEM, turn=_("whoever nominates")),
        Party(PUBLIC, _("Everybody who reads"), PartyKind.SYSTEM, turn=_("everybody who reads")),
        Party(SYSTEM, _("The portal"), PartyKind.SYSTEM, turn=_("The portal")),
    ),
    states=STATES,
    transitions=TRANSITIONS,
    clocks=(
        Clock(
            "nominating",
            pgettext_lazy("round", "Nominations"),
            _nominating_days,
            DayKind.CALENDAR,
            clause="企业表彰办法（默认）：推荐期限按评选通知规定",
            of_applicant=True,
            then="close_nominations",
        ),
    ),
    steps=(
        Step("open", pgettext_lazy("round", "Notice of the round")),
        Step("nominate", pgettext_lazy("round", "Nominations")),
        Step("examine", pgettext_lazy("round", "Opinions and examination")),
        Step("judge", pgettext_lazy("round", "Scores and ballot")),
        Step("decide", pgettext_lazy("round", "Party committee")),
        Step("notice", pgettext_lazy("round", "Public notice")),
        Step("confer", pgettext_lazy("round", "Decision and awards")),
    ),
    initial="draft",
    subject_of=round_of,
    case_file=case_file.case_file,
    case_parts=case_file.case_parts,
    archive_kind=("honor-round-case", _("File of an honors round")),
    readers=AUDITOR_ROLES,
    leaders=COMMITTEE_ROLES,
    forms={
        "end_judging": step_forms.BallotForm,
        "propose": step_forms.ProposeForm,
        "approve_list": step_forms.MeetingForm,
        "draft_decision": step_forms.DecisionForm,
    },
    templates={"office": "honors/rounds/office_facts.html"},
    concerns=concerns,
    apart=apart,
)


def register() -> None:
    """Register the flow."""
    register_flow(ROUNDS)
