"""The flow of opinions: received, accepted, handled, answered, rated, closed.

Two flows share one table of steps: the ordinary one of the union, and that of integrity reports,
which goes to the discipline inspection only (廉洁举报转纪委).
"""

from __future__ import annotations

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
from union.opinions import limits
from union.opinions.case_file import case_file, case_parts, opinion_of
from union.opinions.effects import NUMBER, RATE, TO_NEXT_LEVEL
from union.opinions.rules import NOT_REOPENED, NOT_RETURNED, RATING_OVER

FLOW, INTEGRITY_FLOW = "union-opinion", "union-opinion-integrity"
SENDER, OFFICE, HANDLER, REVIEWER, SYSTEM = "sender", "office", "handler", "reviewer", "system"
START, STOP = ClockAction.START, ClockAction.STOP
RECEIVED, ANSWERED, DECLINED = "opinion-received", "opinion-answered", "opinion-declined"
WAIT = _("Nothing to do. Please wait.")
OPEN_STATES = ("received", "accepted", "handling", "reviewing", "reviewed", "answered")

STATES = (
    State("draft", pgettext_lazy("case", "Draft"), SENDER, WAIT, step="received", tone=""),
    State("received", pgettext_lazy("opinion", "To be accepted"), OFFICE, WAIT, "accept", "accept"),
    State("accepted", pgettext_lazy("opinion", "Accepted"), OFFICE, WAIT, "dispatch", "handle"),
    State("handling", pgettext_lazy("opinion", "Being handled"), HANDLER, WAIT, "reply", "handle"),
    State(
        "reviewing",
        pgettext_lazy("opinion", "Reply under review"),
        REVIEWER,
        WAIT,
        "review",
        "answer",
    ),
    State(
        "reviewed", pgettext_lazy("opinion", "Reply to be sent"), OFFICE, WAIT, "review", "answer"
    ),
    State(
        "answered",
        pgettext_lazy("opinion", "Answered"),
        SENDER,
        _("Please read the answer and rate us."),
        "rating",
        "rate",
        tone="green",
    ),
    State(
        "closed",
        pgettext_lazy("case", "Closed"),
        final=True,
        outcome=_("This matter is finished."),
        step="rate",
        tone="green",
    ),
    State(
        "declined",
        pgettext_lazy("opinion", "Not accepted"),
        final=True,
        outcome=_("It was not accepted; the reason says why."),
        step="accept",
        tone="",
    ),
)
TRANSITIONS = (
    Transition(
        "submit",
        pgettext_lazy("opinion", "Send"),
        ("draft",),
        "received",
        (SENDER, OFFICE),
        effects=(NUMBER,),
        clocks=(("accept", START),),
        applicant_reads=_("We have received your opinion."),
        message=RECEIVED,
    ),
    Transition(
        "accept",
        pgettext_lazy("opinion", "Accept"),
        ("received",),
        "accepted",
        (OFFICE,),
        clocks=(("accept", STOP), ("dispatch", START)),
        applicant_reads=_("Your opinion was accepted."),
    ),
    Transition(
        "decline",
        pgettext_lazy("opinion", "Do not accept"),
        ("received",),
        "declined",
        (OFFICE,),
        clocks=(("accept", STOP),),
        fields=("reason", "note"),
        applicant_reads=_("Your opinion was not accepted."),
        message=DECLINED,
        tone="danger",
    ),
    Transition(
        "dispatch",
        pgettext_lazy("opinion", "Pass on"),
        ("accepted",),
        "handling",
        (OFFICE,),
        clocks=(("dispatch", STOP), ("reply", START)),
        applicant_reads=_("Somebody looks into it."),
    ),
    Transition(
        "return_once",
        pgettext_lazy("opinion", "Return: not ours"),
        ("handling",),
        "accepted",
        (HANDLER,),
        guards=(NOT_RETURNED,),
        clocks=(("reply", STOP), ("dispatch", START)),
        fields=("reason", "note"),
        tone="quiet",
    ),
    Transition(
        "reply",
        pgettext_lazy("opinion", "Write the reply"),
        ("handling",),
        "reviewing",
        (HANDLER, OFFICE),
        clocks=(("reply", STOP), ("review", START)),
        fields=("note",),
    ),
    Transition(
        "review_reply",
        pgettext_lazy("opinion", "Approve the reply"),
        ("reviewing",),
        "reviewed",
        (REVIEWER,),
        fields=("note",),
        distinct_from=("reply",),
    ),
    Transition(
        "send",
        pgettext_lazy("opinion", "Send the reply"),
        ("reviewed",),
        "answered",
        (OFFICE,),
        clocks=(("review", STOP), ("rating", START)),
        applicant_reads=_("You have got an answer."),
        message=ANSWERED,
    ),
    Transition(
        "rate",
        _("Rate and finish"),
        ("answered",),
        "closed",
        (SENDER,),
        effects=(RATE,),
        clocks=(("rating", STOP),),
        fields=("level", "words"),
        applicant_reads=_("You rated how it went."),
        clause="国办发〔2019〕51号：一事一评，自愿评价",
        is_work=False,
    ),
    Transition(
        "reopen",
        pgettext_lazy("opinion", "Not solved: once more, one level up"),
        ("answered",),
        "accepted",
        (SENDER,),
        guards=(NOT_REOPENED,),
        effects=(TO_NEXT_LEVEL,),
        clocks=(("rating", STOP), ("dispatch", START)),
        fields=("reason",),
        applicant_reads=_("You said that it is not solved."),
        tone="quiet",
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
STEPS = (
    Step("received", pgettext_lazy("opinion", "Sent")),
    Step("accept", pgettext_lazy("opinion step", "Accepting")),
    Step("handle", pgettext_lazy("opinion step", "Handling")),
    Step("answer", pgettext_lazy("opinion step", "Reply")),
    Step("rate", pgettext_lazy("opinion step", "Rating")),
)
CLOCKS = (
    Clock("accept", pgettext_lazy("opinion clock", "Accept"), limits.days_of(limits.ACCEPT)),
    Clock("dispatch", pgettext_lazy("opinion clock", "Pass on"), limits.days_of(limits.DISPATCH)),
    Clock("reply", pgettext_lazy("opinion clock", "Reply"), limits.days_of(limits.REPLY)),
    Clock("review", pgettext_lazy("opinion clock", "Review"), limits.days_of(limits.REVIEW)),
    Clock(
        "rating",
        _("Rating"),
        limits.days_of(limits.RATING),
        of_applicant=True,
        then="close",
    ),
)


def _flow(
    code: str, name: object, prefix: str, office: tuple[str, ...], reviewer: tuple[str, ...]
) -> Flow:
    return Flow(
        code=code,
        name=name,
        prefix=prefix,
        parties=(
            Party(SENDER, pgettext_lazy("opinion", "Sender"), PartyKind.APPLICANT, turn=_("you")),
            Party(OFFICE, pgettext_lazy("opinion", "Office"), roles=office, turn=_("the office")),
            Party(
                HANDLER,
                pgettext_lazy("opinion", "Handling"),
                roles=office,
                turn=_("the office"),
            ),
            Party(
                REVIEWER,
                pgettext_lazy("opinion", "Review of the reply"),
                roles=reviewer,
                turn=_("the office"),
            ),
            Party(SYSTEM, _("The portal"), PartyKind.SYSTEM, turn=_("The portal")),
        ),
        states=STATES,
        transitions=TRANSITIONS,
        clocks=CLOCKS,
        steps=STEPS,
        initial="draft",
        subject_of=opinion_of,
        case_file=case_file,
        case_parts=case_parts,
        archive_kind=(f"{code}-case", _("Case file of an opinion")),
        leaders=reviewer,
        templates={
            "office": "union/opinions/office_facts.html",
            "applicant": "union/opinions/applicant_facts.html",
        },
    )


OPINIONS = _flow(FLOW, _("Opinion"), "YX", ("union_staff",), ("union_chair",))
INTEGRITY_REPORTS = _flow(
    INTEGRITY_FLOW,
    _("Integrity report"),
    "LJ",
    ("discipline_auditor",),
    ("discipline_auditor",),
)


def register() -> None:
    """Register both flows."""
    register_flow(OPINIONS)
    register_flow(INTEGRITY_REPORTS)
