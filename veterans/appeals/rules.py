"""When a second look can be asked for, and who may not take it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases.flow import Context, Guard
from portal.cases.models import Case, CaseEvent
from portal.cases.refusals import ConditionNotMet, MustBeAnother
from veterans.limits import APPEAL_FILE, last_day
from veterans.models import Appeal

FLOW = "veterans-appeal"
SUPPORT_FLOW = "veterans-support"
STATES = ("rejected", "closed")
DECISIONS = ("reject", "approve", "approve_directly")
# Whoever did one of these in the first decision looks at it no second time.
JUDGING = ("review", "return", *DECISIONS)
REOPEN = "reopen"


@dataclass(frozen=True)
class Possible:
    """That a second look can be asked for: at which decision, until when."""

    decision: CaseEvent
    until: datetime.date


def decision_of(case: Case) -> CaseEvent | None:
    """Return the last decision of a case."""
    return case.events.filter(transition__in=DECISIONS).order_by("-sequence").first()


def possible(case: Case, today: datetime.date) -> Possible | None:
    """Return whether a second look at the decision of a case can be asked for on a day."""
    if case.flow != SUPPORT_FLOW or case.state not in STATES:
        return None
    decision = decision_of(case)
    if decision is None:
        return None
    until = last_day(APPEAL_FILE, timezone.localdate(decision.at))
    if today > until:
        return None
    # One decision is looked at a second time once.
    asked = Appeal.objects.filter(
        of_case=case, decided_sequence=decision.sequence, case__sequence__gt=0
    ).exclude(case__state="withdrawn")
    return None if asked.exists() else Possible(decision, until)


def first_judges(case: Case, before: int) -> set[int]:
    """Return the accounts that judged a case before an event."""
    judged = case.events.filter(transition__in=JUDGING, sequence__lte=before)
    return set(judged.exclude(actor=None).values_list("actor_id", flat=True))


def _in_time(context: Context) -> None:
    appeal: Appeal = context.subject
    found = possible(appeal.of_case, context.today)
    if found is None or found.decision.sequence != appeal.decided_sequence:
        raise ConditionNotMet(
            _("A second look can be asked for once, within the limit after a decision.")
        )


def _others_look(context: Context) -> None:
    appeal: Appeal = context.subject
    if context.actor.pk in first_judges(appeal.of_case, appeal.decided_sequence):
        raise MustBeAnother(
            _("You took part in the first decision. Somebody else takes the second look.")
        )


def _others_decide_again(context: Context) -> None:
    """Refuse whoever judged before the case was opened again."""
    reopened = context.case.events.filter(transition=REOPEN).order_by("-sequence").first()
    if reopened is not None and context.actor.pk in first_judges(context.case, reopened.sequence):
        raise MustBeAnother(
            _("You took part in the first decision. Somebody else decides the second time.")
        )


def second_decision(appeal: Appeal) -> Any:
    """Return the decision that followed an upheld second look; None until there is one."""
    if appeal.reopened_sequence is None:
        return None
    later = appeal.of_case.events.filter(
        transition__in=DECISIONS, sequence__gt=appeal.reopened_sequence
    )
    return later.order_by("sequence").first()


IN_TIME = Guard(
    "in-time",
    gettext_lazy("It is the first request about this decision and within the limit."),
    _in_time,
)
OTHERS_LOOK = Guard(
    "others-look",
    gettext_lazy("Whoever took part in the first decision does not look again."),
    _others_look,
)
OTHERS_DECIDE_AGAIN = Guard(
    "others-decide",
    gettext_lazy("After an upheld second look other people review and decide."),
    _others_decide_again,
)
