"""The measured half of the cases benchmark: 100,000 applications in one database.

``fill CASES`` writes them; ``measure`` prints one line ``NAME VALUE`` for each figure; ``submit
NUMBER`` prepares one application, waits for a line of input, hands it in, and says how long.
"""

from __future__ import annotations

import datetime
import itertools
import random
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import django

#: States of the flow with what share of the cases stands in them.
SHARES = {
    "submitted": 4,
    "correcting": 2,
    "accepted": 4,
    "reviewed": 3,
    "notice": 2,
    "approved": 3,
    "paying": 2,
    "paid": 6,
    "closed": 68,
    "rejected": 2,
    "withdrawn": 4,
}
BATCH = 2_000
QUEUE_PAGES = 200
STEPS = 200


def quantile(times: list[float], share: float) -> float:
    """Return the value below which a share of the times lies."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def fill(count: int) -> None:
    """Write cases of a year in every state, with clocks, pauses and events."""
    from django.utils import timezone

    from portal.cases.models import CaseNumber
    from tests.factories.people import make_person
    from tests.factories.support import make_family, make_office

    office = make_office()
    make_family()
    people = [make_person(f"甲{number}") for number in range(200)]
    # What is handed in later is numbered behind these.
    CaseNumber.objects.create(prefix="YJ", year=timezone.localdate().year, last=count)
    for first in range(0, count, BATCH):
        _write(range(first, min(first + BATCH, count)), office, people)


def _write(numbers: range, office: Any, people: list[Any]) -> None:
    from django.utils import timezone

    from portal.cases.models import Case, CaseClock, CaseEvent, ClockPause
    from veterans.models import Application

    source = random.Random(numbers[0])
    states = list(itertools.chain.from_iterable([code] * share for code, share in SHARES.items()))
    now, today = timezone.now(), timezone.localdate()
    cases, events, clocks, applications = [], [], [], []
    for number in numbers:
        state = source.choice(states)
        submitted = now - datetime.timedelta(days=source.randrange(300), minutes=number % 600)
        person = source.choice(people)
        case = Case(
            flow="veterans-support",
            item=office.version.item.name,
            number=f"YJ-{today.year}-{number:07d}",
            state=state,
            previous_state="submitted",
            unit=office.version.item.unit,
            applicant=person,
            beneficiary=person,
            sequence=3,
            submitted_at=submitted,
            closed_at=now if state in ("closed", "withdrawn") else None,
        )
        clock = case.standing.clock
        if clock:
            started = timezone.localdate(submitted)
            case.due_on = started + datetime.timedelta(days=28)
            row = CaseClock(case=case, code=clock, kind="working", started_on=started, days=20)
            row.due_on = row.warned_on = case.due_on
            clocks.append(row)
        steps = (("submit", "draft"), ("request_correction", "submitted"), ("accept", "submitted"))
        for sequence, (transition, before) in enumerate(steps, start=1):
            events.append(
                CaseEvent(
                    case=case,
                    sequence=sequence,
                    transition=transition,
                    from_state=before,
                    to_state=state,
                    party="station",
                    actor=office.station,
                    at=submitted,
                )
            )
        cases.append(case)
        applications.append(
            Application(
                case=case,
                item=office.version.item,
                version=office.version,
                period=str(number),
                active=state not in ("closed", "withdrawn"),
            )
        )
    Case.objects.bulk_create(cases)
    CaseEvent.objects.bulk_create(events)
    CaseClock.objects.bulk_create(clocks)
    ClockPause.objects.bulk_create(
        ClockPause(
            clock=clock, reason="x", since=clock.started_on, until=min(today, clock.due_on or today)
        )
        for clock in clocks[::3]
    )
    Application.objects.bulk_create(applications)


def measure() -> None:
    """Print what the desk, one step and a change of the calendar cost."""
    from portal.cases.deadlines import recompute_all

    started = time.perf_counter()
    moved = recompute_all()
    print("recompute", time.perf_counter() - started)
    print("recomputed", moved)
    for name, value in {**_desk(), **_steps()}.items():
        print(name, value)


def _desk() -> dict[str, float]:
    from django.test import Client

    from portal.people.models import User

    roles = ("veterans_officer", "union_staff", "union_chair", "finance_payer")
    times: list[float] = []
    asked = [
        "",
        "?list=all",
        "?due=overdue",
        "?list=all&page=7",
        "?list=all&state=closed&order=newest",
        "?list=all&q=0004",
        "?order=number",
    ]
    slowest: dict[str, list[float]] = {address: [] for address in asked}
    for role in roles:
        client = Client()
        client.force_login(User.objects.filter(person__roles__role_code=role).earliest("pk"))
        client.get("/cases/")
        for address in itertools.islice(itertools.cycle(asked), QUEUE_PAGES // len(roles)):
            started = time.perf_counter()
            answer = client.get(f"/cases/{address}")
            taken = (time.perf_counter() - started) * 1000
            assert answer.status_code == 200, (address, answer.status_code)
            times.append(taken)
            slowest[address].append(taken)
    for address, some in slowest.items():
        print(f"page{address or '?'}", quantile(some, 0.5), file=sys.stderr)
    return {"queue_median": quantile(times, 0.5), "queue_p95": quantile(times, 0.95)}


def _steps() -> dict[str, float]:
    from portal.cases.models import Case
    from portal.cases.services import apply
    from portal.people.models import User

    officer = User.objects.filter(person__roles__role_code="veterans_officer").earliest("pk")
    waiting = iter(Case.objects.filter(state="submitted").order_by("number")[: 2 * STEPS])
    figures: dict[str, float] = {}
    # Not to accept ends a case, so its file is frozen and captured in the same transaction.
    for name, step in (("step", "accept"), ("ending", "decline")):
        times = []
        for case in itertools.islice(waiting, STEPS):
            started = time.perf_counter()
            apply(case.pk, step, officer, {"reason": "请向户籍所在地的街道申请。"})
            times.append((time.perf_counter() - started) * 1000)
        figures |= {f"{name}_median": quantile(times, 0.5), f"{name}_p95": quantile(times, 0.95)}
    return figures


def submit(number: int) -> None:
    """Prepare one application, wait, hand it in; print the seconds."""
    from tests.factories.people import make_person, make_user
    from tests.factories.support import make_draft
    from veterans.applications.services import hand_in

    # Twenty identity numbers of a province that gives none to people.
    identity = identity_number(number)
    user = make_user(
        "employee", person=make_person(f"乙{number}", f"X{number:05d}", identity_number=identity)
    )
    application = make_draft(user)
    print("ready", flush=True)
    sys.stdin.readline()
    started = time.perf_counter()
    hand_in(application, user, key=uuid.uuid4())
    print(time.perf_counter() - started, flush=True)


def identity_number(number: int) -> str:
    """Return a number with the right last character that nobody has."""
    from stdnum.cn import ric

    body = f"14000019700101{number:03d}"
    return next(body + last for last in "0123456789X" if ric.is_valid(body + last))


def main(arguments: list[str]) -> int:
    """Run one part."""
    django.setup()
    parts: dict[str, Callable[..., None]] = {"fill": fill, "measure": measure, "submit": submit}
    parts[arguments[0]](*map(int, arguments[1:]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
