"""The flows of opinions: received, accepted, handled by the asked unit, answered, rated, closed.

Two flows: the ordinary one, in which the union passes an opinion on to a unit and reviews its
reply, and that of integrity reports, which the discipline inspection alone reads and answers
(廉洁举报转纪委).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.flow import Clock, DayKind, Flow, Party, PartyKind, register_flow
from union.opinions import limits
from union.opinions.case_file import case_file, case_parts, opinion_of
from union.opinions.forms import (
    DeclineForm,
    DispatchForm,
    RateForm,
    ReplyForm,
    ReturnForm,
    ReviewForm,
    SendBackForm,
)
from union.opinions.rules import against_units_of, is_against_unit_of, name_is_hidden
from union.opinions.table import (
    ANSWERED,
    DECLINED,
    HANDLER,
    INTEGRITY_STATES,
    INTEGRITY_TRANSITIONS,
    OFFICE,
    RECEIVED,
    REVIEWER,
    SENDER,
    STATES,
    STEPS,
    SYSTEM,
    TRANSITIONS,
)

__all__ = ["ANSWERED", "DECLINED", "FLOW", "INTEGRITY_FLOW", "OPINIONS", "RECEIVED", "register"]

FLOW, INTEGRITY_FLOW = "union-opinion", "union-opinion-integrity"
DISCIPLINE = "discipline_auditor"


def _clock(code: str, name: Any, **more: Any) -> Clock:
    """Return a clock whose days and clause are rows."""
    row = more.pop("row", code)
    return Clock(code, name, limits.days_of(row), clause=limits.late_clause(row), **more)


ACCEPT_CLOCK = _clock("accept", pgettext_lazy("opinion clock", "Accept"))
DISPATCH_CLOCK = _clock("dispatch", pgettext_lazy("opinion clock", "Pass on"))
CLOCKS = (
    _clock(
        "reply",
        pgettext_lazy("opinion clock", "Reply"),
        extension=limits.late_days(limits.EXTENSION),
        extension_clause=limits.late_clause(limits.EXTENSION),
    ),
    _clock("review", pgettext_lazy("opinion clock", "Review")),
    # The law's own limit runs beside those of the enterprise.
    _clock(
        "finish",
        pgettext_lazy("opinion clock", "Finish by law"),
        row=limits.PETITION_FINISH,
        kind=DayKind.CALENDAR,
    ),
    _clock("rating", _("Rating"), of_applicant=True, then="close"),
)
FORMS = {
    "decline": DeclineForm,
    "dispatch": DispatchForm,
    "reply": ReplyForm,
    "reply_self": ReplyForm,
    "return_once": ReturnForm,
    "review_reply": ReviewForm,
    "send_back": SendBackForm,
    "rate": RateForm,
}
SENDERS = Party(SENDER, pgettext_lazy("opinion", "Sender"), PartyKind.APPLICANT, turn=_("you"))
PORTAL = Party(SYSTEM, _("The portal"), PartyKind.SYSTEM, turn=_("The portal"))


def _office(code: str, name: Any, *roles: str) -> Party:
    return Party(code, name, roles=roles, turn=_("the office"))


OPINIONS = Flow(
    code=FLOW,
    name=pgettext_lazy("opinion box", "Opinion"),
    prefix="YX",
    parties=(
        SENDERS,
        _office(OFFICE, pgettext_lazy("opinion", "Union office"), "union_staff"),
        Party(
            HANDLER,
            pgettext_lazy("opinion", "Handling unit"),
            roles=("opinion_handler",),
            turn=_("the unit that was asked"),
            of_lead_unit=True,
        ),
        _office(
            REVIEWER,
            pgettext_lazy("opinion", "Review of the reply"),
            "union_staff",
            "union_chair",
        ),
        PORTAL,
    ),
    states=STATES,
    transitions=TRANSITIONS,
    clocks=(ACCEPT_CLOCK, DISPATCH_CLOCK, *CLOCKS),
    steps=STEPS,
    initial="draft",
    subject_of=opinion_of,
    case_file=case_file,
    case_parts=case_parts,
    archive_kind=(f"{FLOW}-case", _("Case file of an opinion")),
    leaders=("union_chair",),
    forms=FORMS,
    templates={
        "office": "union/opinions/office_facts.html",
        "applicant": "union/opinions/applicant_facts.html",
    },
    concerns=is_against_unit_of,
    apart=against_units_of,
    hides_applicant=name_is_hidden,
)
INTEGRITY_REPORTS = Flow(
    code=INTEGRITY_FLOW,
    name=_("Integrity report"),
    prefix="LJ",
    parties=(
        SENDERS,
        _office(OFFICE, pgettext_lazy("opinion", "Discipline inspection"), DISCIPLINE),
        _office(REVIEWER, pgettext_lazy("opinion", "Review of the reply"), DISCIPLINE),
        PORTAL,
    ),
    states=INTEGRITY_STATES,
    transitions=INTEGRITY_TRANSITIONS,
    clocks=(ACCEPT_CLOCK, *CLOCKS),
    steps=STEPS,
    initial="draft",
    subject_of=opinion_of,
    case_file=case_file,
    case_parts=case_parts,
    archive_kind=(f"{INTEGRITY_FLOW}-case", _("Case file of an integrity report")),
    leaders=(DISCIPLINE,),
    forms=FORMS,
    templates=OPINIONS.templates,
    concerns=is_against_unit_of,
    apart=against_units_of,
)


def register() -> None:
    """Register both flows."""
    register_flow(OPINIONS)
    register_flow(INTEGRITY_REPORTS)
