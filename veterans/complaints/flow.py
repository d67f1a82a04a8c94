"""The flow of complaints and hotline calls (投诉、热线): taken down, handled, answered, rated."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.archives.sources import ContentPart
from portal.cases import numbers
from portal.cases.flow import (
    Clock,
    ClockAction,
    Context,
    DayKind,
    Effect,
    Flow,
    Guard,
    Party,
    PartyKind,
    State,
    Step,
    Transition,
    register_flow,
)
from portal.cases.guards import limit_over
from portal.cases.history import step_rows, steps_text
from portal.cases.models import Case, CaseEvent
from portal.cases.refusals import MustBeAnother
from veterans.applications.effects import RATE
from veterans.limits import COMPLAINT, limit
from veterans.models import Complaint
from veterans.ratings.services import FOLLOWED

FLOW = "veterans-complaint"
CALLER, STATION, HANDLER, SYSTEM = "caller", "station", "handler", "system"
START, STOP = ClockAction.START, ClockAction.STOP
RECEIVED, ANSWERED = "complaint-received", "complaint-answered"
RATING_DAYS = 15


def complaint_of(case: Case) -> Complaint | None:
    """Return the complaint behind a case."""
    return Complaint.objects.select_related("of_case", "entered_by").filter(pk=case.pk).first()


def _register(context: Context) -> None:
    context.case.number = numbers.next_number(context.case.table.prefix, context.today)


def _uninvolved(context: Context) -> None:
    """Refuse whoever took a step in the case that is complained about."""
    about = context.subject.of_case
    if about is not None and CaseEvent.objects.filter(case=about, actor=context.actor).exists():
        raise MustBeAnother(
            _now("You took part in the case that this is about. A colleague has to take it.")
        )


UNINVOLVED = Guard(
    "uninvolved", _("Whoever took part in the case it is about does not answer."), _uninvolved
)
RATING_OVER = limit_over("rating", _("The days for a rating are over."))
NUMBER = Effect("number", _("Gives the number."), _register)

WAIT = _("Nothing to do. Please wait.")
STATES = (
    State("draft", pgettext_lazy("case", "Draft"), STATION, WAIT, step="hand-in", tone=""),
    State("received", pgettext_lazy("complaint", "Taken down"), HANDLER, WAIT, "answer", "look"),
    State("handling", pgettext_lazy("complaint", "Being handled"), HANDLER, WAIT, "answer", "look"),
    State(
        "answered",
        pgettext_lazy("complaint", "Answered"),
        CALLER,
        _("Please read the answer and rate us."),
        "rating",
        "answer",
        tone="green",
    ),
    State(
        "closed",
        pgettext_lazy("case", "Closed"),
        final=True,
        outcome=_("This matter is finished."),
        step="answer",
        tone="green",
    ),
)
TRANSITIONS = (
    Transition(
        "register",
        _("Take down"),
        ("draft",),
        "received",
        (STATION,),
        effects=(NUMBER,),
        clocks=(("answer", START),),
        applicant_reads=_("We took down what you said."),
        message=RECEIVED,
    ),
    Transition(
        "handle",
        _("Begin to handle"),
        ("received",),
        "handling",
        (HANDLER,),
        guards=(UNINVOLVED,),
        fields=("note",),
        applicant_reads=_("Somebody looks into it."),
    ),
    Transition(
        "answer",
        _("Answer"),
        ("handling",),
        "answered",
        (HANDLER,),
        guards=(UNINVOLVED,),
        clocks=(("answer", STOP), ("rating", START)),
        fields=("reason", "note"),
        applicant_reads=_("You have got an answer."),
        message=ANSWERED,
        clause="政务服务便民热线办理规范（参照）：答复办理结果和依据",
    ),
    Transition(
        "again",
        _("Not solved: handle again"),
        ("answered",),
        "handling",
        (CALLER, STATION),
        clocks=(("rating", STOP), ("answer", START)),
        fields=("reason",),
        applicant_reads=_("You said that it is not solved."),
        tone="quiet",
        is_work=False,
    ),
    Transition(
        "rate",
        _("Rate and finish"),
        ("answered",),
        "closed",
        (CALLER, STATION),
        effects=(RATE, FOLLOWED),
        clocks=(("rating", STOP),),
        fields=("level", "words"),
        applicant_reads=_("You rated how it went."),
        clause="国办发〔2019〕51号：一事一评，自愿评价；电话回访时由坐席如实记录",
        is_work=False,
    ),
    Transition(
        "close",
        pgettext_lazy("support", "Close"),
        ("answered",),
        "closed",
        (SYSTEM,),
        guards=(RATING_OVER,),
        clocks=(("rating", STOP),),
        applicant_reads=_("The matter was closed."),
    ),
)


def case_file(case: Case, events: list[CaseEvent]) -> dict[str, Any]:
    """Return the file as plain values."""
    complaint: Complaint = case.subject
    return {
        "people": [complaint.name] if complaint.name else [],
        "channel": str(complaint.get_channel_display()),
        "words": complaint.words,
        "of": complaint.of_case.number if complaint.of_case else "",
        "steps": step_rows(case, events),
    }


def case_parts(content: dict[str, Any]) -> list[ContentPart]:
    """Return the same as readable text."""
    parts = [
        ContentPart("channel", "渠道", content["channel"]),
        ContentPart("words", "反映内容", content["words"]),
        ContentPart("of", "涉及的申请", content["of"]),
        ContentPart("steps", "办理过程", steps_text(content["steps"])),
    ]
    return [part for part in parts if part.text]


COMPLAINTS = Flow(
    code=FLOW,
    name=_("Complaint or call"),
    prefix="TS",
    parties=(
        Party(CALLER, _("Caller"), PartyKind.APPLICANT, turn=_("you")),
        Party(
            STATION,
            _("Service station"),
            roles=("veterans_officer",),
            turn=_("the service station"),
        ),
        Party(
            HANDLER,
            pgettext_lazy("complaint", "Handling"),
            roles=("union_staff", "union_chair"),
            turn=_("the union"),
        ),
        Party(SYSTEM, _("The portal"), PartyKind.SYSTEM, turn=_("The portal")),
    ),
    states=STATES,
    transitions=TRANSITIONS,
    clocks=(
        Clock(
            "answer",
            pgettext_lazy("complaint", "Answer"),
            lambda _case, _subject: limit(COMPLAINT, timezone.localdate()).days,
            clause="政务服务便民热线办理规范（参照）",
        ),
        Clock(
            "rating",
            _("Rating"),
            lambda _case, _subject: RATING_DAYS,
            DayKind.CALENDAR,
            clause="国办发〔2019〕51号（参照）",
            of_applicant=True,
            then="close",
        ),
    ),
    steps=(
        Step("hand-in", pgettext_lazy("complaint", "Taken down")),
        Step("look", pgettext_lazy("complaint", "Being handled")),
        Step("answer", pgettext_lazy("complaint", "Answered")),
    ),
    initial="draft",
    subject_of=complaint_of,
    case_file=case_file,
    case_parts=case_parts,
    archive_kind=("veterans-complaint-case", _("Case file of a complaint or call")),
    readers=("discipline_auditor",),
    leaders=("union_chair",),
    templates={"office": "veterans/complaints/office_facts.html"},
)


def register() -> None:
    """Register the flow."""
    register_flow(COMPLAINTS)
