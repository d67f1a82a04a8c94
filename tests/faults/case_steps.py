"""Steps of a case taken by processes that die in the middle of them.

``python -m tests.faults.case_steps EVERY`` forks, for each step of one application and every
EVERY-th statement of its transaction, a process that kills itself with SIGKILL at that statement;
the last one of each step gets through, dies before it can answer, and the same form is sent again.
After each death it looks for half a step. Prints how many died and what was found.
"""

from __future__ import annotations

import json
import signal
import sys
import uuid
from functools import partial
from typing import Any

import django

from tests.faults.dying import THROUGH, fork

#: Each step with the one who takes it and what is typed.
STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("submit", "applicant", {}),
    ("accept", "station", {}),
    ("review", "reviewer", {"opinion": "supported"}),
    ("reject", "approver", {"reason": "不符合第三条第二项"}),
    ("rate", "applicant", {"level": 5, "words": ""}),
)
MOST_STATEMENTS = 400


def take(step: str, case: uuid.UUID, user: int, values: dict[str, Any], key: uuid.UUID) -> None:
    """Take one step the way its view does."""
    from portal.cases.services import apply
    from portal.people.models import User
    from veterans.applications.services import hand_in
    from veterans.models import Application

    account = User.objects.get(pk=user)
    if step == "submit":
        hand_in(Application.objects.get(pk=case), account, key=key)
    else:
        apply(case, step, account, values, key=key)


def faults_of(case_id: uuid.UUID) -> list[str]:
    """Return in words what of a case does not belong together."""
    from portal.archives.models import Record
    from portal.cases.models import Case, ClosedFile, SubmissionKey

    case = Case.objects.get(pk=case_id)
    events = list(case.events.order_by("sequence"))
    faults = []
    if [event.sequence for event in events] != list(range(1, case.sequence + 1)):
        faults.append("the events have a gap")
    if events and events[-1].to_state != case.state:
        faults.append("the last event led elsewhere")
    if bool(case.number) != bool(events) or bool(case.tracking_digest) != bool(events):
        faults.append("number and events")
    if SubmissionKey.objects.filter(case=case).count() != len(events):
        faults.append("a form made no event, or two")
    clock = case.standing.clock
    running = case.clocks.filter(ended_on=None)
    if clock and not running.filter(code=clock, due_on=case.due_on).exists():
        faults.append("the clock of the state does not run")
    ended = case.standing.final
    if ClosedFile.objects.filter(pk=case.pk).exists() != ended:
        faults.append("closed without its file")
    if Record.objects.filter(source_kind="case", source_id=str(case.pk)).exists() != ended:
        faults.append("closed without its record")
    return faults


def main(arguments: list[str]) -> int:
    """Kill at statements, then let each step through; print the numbers and the faults."""
    every = int(arguments[0])
    django.setup()
    from django.db import transaction

    from portal.cases.models import CaseEvent
    from tests.factories.support import make_journey

    # What is captured belongs to its commit.
    with transaction.atomic():
        journey = make_journey()
    case = journey.application.pk
    users = {"applicant": journey.applicant.pk}
    users |= {
        name: getattr(journey.office, name).pk for name in ("station", "reviewer", "approver")
    }
    killed, faults = 0, []
    for step, who, values in STEPS:
        key, done = uuid.uuid4(), False
        for statement in range(1, MOST_STATEMENTS, every):
            how = fork(statement, partial(take, step, case, users[who], values, key))
            faults += [f"{step} at {statement}: {fault}" for fault in faults_of(case)]
            if how == -signal.SIGKILL:
                killed += 1
                continue
            done = how == THROUGH
            break
        if not done:
            faults.append(f"{step} did not get through: {how}")
        before = CaseEvent.objects.filter(case=case).count()
        take(step, case, users[who], values, key)
        if CaseEvent.objects.filter(case=case).count() != before:
            faults.append(f"{step} sent again made a second event")
    print(json.dumps({"killed": killed, "faults": faults}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
