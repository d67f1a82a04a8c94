"""The steps of a record: from which state to which, who may, what must be true.

The table of this flow, in the manner of `portal.cases`, without a case for each of tens of
thousands of meetings: a meeting has no applicant, no clock and no letters. A step locks the row,
reads the state again and writes one event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from branches.activities import guards
from branches.activities.permissions import keeps, reviews
from branches.models import Activity, ActivityState

Rule = Callable[[Any, Activity], bool]
Guard = Callable[[Activity], list[str]]


@dataclass(frozen=True)
class Step:
    """One way from a state to another.

    Attributes:
        who: whether an account may take it.
        guards: return what is missing, a sentence each; the step is taken when nothing is.
        words: of the button; `done` is said afterwards.
        needs_reason: nobody takes it without saying why.
    """

    code: str
    before: frozenset[str]
    after: str
    who: Rule
    words: Any
    done: Any
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False
    is_main: bool = True


_COMPLETE = (
    guards.branch_exists,
    guards.has_begun,
    guards.has_minutes,
    guards.everybody_is_known,
    guards.votes_add_up,
    guards.kind_is_complete,
    guards.both_signed,
)
STEPS: tuple[Step, ...] = (
    Step(
        "notify",
        frozenset({ActivityState.PLANNED}),
        ActivityState.NOTIFIED,
        keeps,
        _("Give notice"),
        _("Notice was given to everybody on the list."),
        (guards.branch_exists, guards.two_people, guards.lies_ahead, guards.somebody_is_expected),
    ),
    Step(
        "hold",
        frozenset({ActivityState.PLANNED, ActivityState.NOTIFIED}),
        ActivityState.HELD,
        keeps,
        _("It was held, write the minutes"),
        _("The activity counts as held. The minutes can be written."),
        (guards.branch_exists, guards.two_people, guards.has_begun, guards.somebody_is_expected),
    ),
    Step(
        "hand-in",
        frozenset({ActivityState.HELD}),
        ActivityState.IN_REVIEW,
        keeps,
        _("Hand in for review"),
        _("The record was handed in for review."),
        _COMPLETE,
    ),
    Step(
        "approve",
        frozenset({ActivityState.IN_REVIEW}),
        ActivityState.REVIEWED,
        reviews,
        _("Approve and lock"),
        _("The record is reviewed and locked. From now on only supplements can be added."),
        _COMPLETE,
    ),
    Step(
        "return",
        frozenset({ActivityState.IN_REVIEW}),
        ActivityState.HELD,
        reviews,
        _("Return with a reason"),
        _("The record went back to the recorder."),
        needs_reason=True,
        is_main=False,
    ),
    Step(
        "cancel",
        frozenset({ActivityState.PLANNED, ActivityState.NOTIFIED}),
        ActivityState.CANCELLED,
        keeps,
        _("Cancel the activity"),
        _("The activity is cancelled. Those who had been told were told again."),
        needs_reason=True,
        is_main=False,
    ),
)
#: Not taken by hand: a reviewed record is archived by the publication of its page.
ARCHIVE = Step(
    "archive",
    frozenset({ActivityState.REVIEWED}),
    ActivityState.ARCHIVED,
    lambda user, activity: False,
    _("Archive"),
    _("The record is archived."),
)
BY_CODE = {step.code: step for step in STEPS}
#: What else stands in the history of a record.
EVENT_WORDS: dict[str, Any] = {
    **{step.code: step.words for step in (*STEPS, ARCHIVE)},
    "plan": _("Planned"),
    "change": _("Plan changed"),
    "minutes": _("Minutes changed"),
    "attendance": _("Attendance changed"),
    "vote": _("Votes changed"),
    "files": _("Files changed"),
    "sign-off": _("Minutes signed off"),
    "supplement": _("Supplement added"),
    "page": _("Draft of the page prepared"),
    "done": _("Resolution carried out"),
}


def steps_for(user: Any, activity: Activity) -> list[Step]:
    """Return the steps an account may take now, whether or not something is still missing."""
    return [step for step in STEPS if activity.state in step.before and step.who(user, activity)]
