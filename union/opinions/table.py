"""The rows of the flows of opinions: states and steps, of the union and of the inspection.

Both flows share the states and the sender's steps; `flow` makes them of these rows.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.flow import PREVIOUS, ClockAction, Guard, State, Step, Transition
from union.opinions.effects import (
    ANSWER_RELEASED,
    ASK_HELPERS,
    ASK_UNIT,
    DRAFT_BACK,
    KEEP_REPLY,
    NOBODY_ASKED,
    NUMBER,
    RATE,
    TELL_REVIEWERS,
    TO_NEXT_LEVEL,
)
from union.opinions.rules import (
    CHAIR_REVIEWS,
    HAS_REPLY,
    NOT_REOPENED,
    NOT_RETURNED,
    RATING_OVER,
    UNIT_NOT_ACCUSED,
)

SENDER, OFFICE, HANDLER, REVIEWER, SYSTEM = "sender", "office", "handler", "reviewer", "system"
START, STOP = ClockAction.START, ClockAction.STOP
PAUSE, RESUME = ClockAction.PAUSE, ClockAction.RESUME
RECEIVED, ANSWERED, DECLINED = "opinion-received", "opinion-answered", "opinion-declined"
WAIT = _("Nothing to do. Please wait.")

DRAFT = State("draft", pgettext_lazy("case", "Draft"), SENDER, WAIT, step="received", tone="")
RECEIVED_STATE = State(
    "received", pgettext_lazy("opinion", "To be accepted"), OFFICE, WAIT, "accept", "accept"
)
ACCEPTED = State(
    "accepted", pgettext_lazy("opinion", "Accepted"), OFFICE, WAIT, "dispatch", "handle"
)
REVIEWING = State(
    "reviewing",
    pgettext_lazy("opinion", "Reply under review"),
    REVIEWER,
    WAIT,
    "review",
    "review",
)
LAST_STATES = (
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
STATES = (
    DRAFT,
    RECEIVED_STATE,
    ACCEPTED,
    State("handling", pgettext_lazy("opinion", "Being handled"), HANDLER, WAIT, "reply", "handle"),
    REVIEWING,
    *LAST_STATES,
)
INTEGRITY_STATES = (
    DRAFT,
    RECEIVED_STATE,
    State("accepted", pgettext_lazy("opinion", "Accepted"), OFFICE, WAIT, "reply", "handle"),
    REVIEWING,
    *LAST_STATES,
)

SUBMIT = Transition(
    "submit",
    pgettext_lazy("opinion", "Send"),
    ("draft",),
    "received",
    (SENDER, OFFICE),
    effects=(NUMBER,),
    clocks=(("accept", START),),
    applicant_reads=_("We have received your opinion."),
    message=RECEIVED,
)
DECLINE = Transition(
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
    clause="信访工作条例第二十二条：不予受理的，告知理由和应当向谁反映",
)
SENDERS_STEPS = (
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
        effects=(TO_NEXT_LEVEL, NOBODY_ASKED),
        clocks=(("rating", STOP), ("dispatch", START), ("finish", START)),
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
        clause="职工意见办理办法（企业内部）：答复后逾期未评价的，视为办结",
    ),
)


def _reviews(
    guards: tuple[Guard, ...], paused: tuple[str, ...], drafts: tuple[str, ...]
) -> tuple[Transition, Transition]:
    """Return how a draft is sent or sent back, by another than who drafted it.

    Args:
        paused: the clocks that stand still while the draft is reviewed.
        drafts: the steps that make one.
    """
    stopped = tuple((code, STOP) for code in paused)
    resumed = tuple((code, RESUME) for code in paused)
    return (
        Transition(
            "review_reply",
            pgettext_lazy("opinion", "Approve and send the reply"),
            ("reviewing",),
            "answered",
            (REVIEWER,),
            guards=(HAS_REPLY, *guards),
            effects=(ANSWER_RELEASED,),
            clocks=(("review", STOP), *stopped, ("finish", STOP), ("rating", START)),
            fields=("note",),
            distinct_from=drafts,
            applicant_reads=_("You have got an answer."),
            message=ANSWERED,
        ),
        Transition(
            "send_back",
            pgettext_lazy("opinion", "Send the draft back"),
            ("reviewing",),
            PREVIOUS,
            (REVIEWER,),
            guards=guards,
            effects=(DRAFT_BACK,),
            clocks=(("review", STOP), *resumed),
            fields=("note",),
            distinct_from=drafts,
            tone="quiet",
        ),
    )


TRANSITIONS = (
    SUBMIT,
    Transition(
        "accept",
        pgettext_lazy("opinion", "Accept"),
        ("received",),
        "accepted",
        (OFFICE,),
        clocks=(("accept", STOP), ("dispatch", START), ("finish", START)),
        applicant_reads=_("Your opinion was accepted."),
    ),
    DECLINE,
    Transition(
        "dispatch",
        pgettext_lazy("opinion", "Pass on"),
        ("accepted",),
        "handling",
        (OFFICE,),
        guards=(UNIT_NOT_ACCUSED,),
        effects=(ASK_UNIT, ASK_HELPERS),
        clocks=(("dispatch", STOP), ("reply", START)),
        fields=("note",),
        applicant_reads=_("Somebody looks into it."),
    ),
    Transition(
        "reply_self",
        pgettext_lazy("opinion", "Write the reply myself"),
        ("accepted",),
        "reviewing",
        (OFFICE,),
        effects=(KEEP_REPLY, NOBODY_ASKED, TELL_REVIEWERS),
        clocks=(("dispatch", PAUSE), ("review", START)),
        fields=("note",),
        tone="quiet",
    ),
    Transition(
        "return_once",
        pgettext_lazy("opinion", "Return: not ours"),
        ("handling",),
        "accepted",
        (HANDLER,),
        guards=(NOT_RETURNED,),
        effects=(NOBODY_ASKED,),
        clocks=(("reply", STOP), ("dispatch", START)),
        fields=("note",),
        tone="quiet",
    ),
    Transition(
        "reply",
        pgettext_lazy("opinion", "Write the reply"),
        ("handling",),
        "reviewing",
        (HANDLER,),
        effects=(KEEP_REPLY, TELL_REVIEWERS),
        clocks=(("reply", PAUSE), ("review", START)),
        fields=("note",),
    ),
    *_reviews((CHAIR_REVIEWS,), ("dispatch", "reply"), ("reply", "reply_self")),
    *SENDERS_STEPS,
)
# The discipline inspection answers itself: nobody else is asked.
INTEGRITY_TRANSITIONS = (
    SUBMIT,
    Transition(
        "accept",
        pgettext_lazy("opinion", "Accept"),
        ("received",),
        "accepted",
        (OFFICE,),
        clocks=(("accept", STOP), ("reply", START), ("finish", START)),
        applicant_reads=_("Your opinion was accepted."),
    ),
    DECLINE,
    Transition(
        "reply_self",
        pgettext_lazy("opinion", "Write the reply"),
        ("accepted",),
        "reviewing",
        (OFFICE,),
        effects=(KEEP_REPLY, TELL_REVIEWERS),
        clocks=(("reply", PAUSE), ("review", START)),
        fields=("note",),
    ),
    *_reviews((), ("reply",), ("reply_self",)),
    *(
        row
        if row.code != "reopen"
        else replace(row, clocks=(("rating", STOP), ("reply", START), ("finish", START)))
        for row in SENDERS_STEPS
    ),
)
STEPS = (
    Step("received", pgettext_lazy("opinion", "Sent")),
    Step("accept", pgettext_lazy("opinion step", "Accepting")),
    Step("handle", pgettext_lazy("opinion step", "Handling")),
    Step("review", pgettext_lazy("opinion step", "Reply")),
    Step("rate", pgettext_lazy("opinion step", "Rating")),
)
