"""The measured half of the benchmark of opinions: 100,000 of two years in one database.

``fill OPINIONS`` writes them; ``measure`` prints one line ``NAME VALUE`` for each figure.
"""

from __future__ import annotations

import datetime
import itertools
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import django

from tests.benchmarks.cases_process import quantile

#: States of the flow with what share of the opinions stands in them.
SHARES = {
    "received": 3,
    "accepted": 2,
    "handling": 6,
    "reviewing": 2,
    "answered": 5,
    "closed": 78,
    "declined": 4,
}
BATCH = 2_000
UNITS = 30
ROUNDS = 200
YEARS = 2


def fill(count: int) -> None:
    """Write opinions of two years in every state, with replies, clocks and ratings."""
    from tests.factories.opinions import make_box
    from tests.factories.organizations import make_unit
    from tests.factories.people import make_user

    units = [make_unit(name=f"区队{number}", code=f"OPINION-{number}") for number in range(UNITS)]
    handlers = [make_user("opinion_handler", unit=unit) for unit in units]
    staff = [make_user("union_staff"), make_user("union_chair")]
    senders = [make_user("employee").person for _number in range(50)]
    box = make_box()
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        _write(numbers, box, units, handlers, staff, senders)


def _write(
    numbers: range, box: Any, units: list[Any], handlers: list[Any], staff: list[Any], people: Any
) -> None:
    from django.utils import timezone

    from portal.cases.models import Case, CaseClock, Rating
    from tests.factories.organizations import company
    from union.models import Opinion, OpinionCategory, OpinionReply
    from union.opinions.flow import FLOW

    source = random.Random(numbers[0])
    states = list(itertools.chain.from_iterable([code] * share for code, share in SHARES.items()))
    categories = list(OpinionCategory.objects.filter(to_discipline=False))
    now, today, top = timezone.now(), timezone.localdate(), company()
    cases, opinions, replies, clocks, ratings = [], [], [], [], []
    for number in numbers:
        state = source.choice(states)
        received = now - datetime.timedelta(days=source.randrange(365 * YEARS))
        place = source.randrange(UNITS)
        category = source.choice(categories)
        case = Case(
            flow=FLOW,
            item=f"{box.title}：{category.name}",
            number=f"YX-2025-{number:07d}",
            state=state,
            unit=top,
            lead_unit=None if state in ("received", "accepted", "declined") else units[place],
            applicant=source.choice(people),
            sequence=3,
            submitted_at=received,
            closed_at=now if state in ("closed", "declined") else None,
        )
        if clock := case.standing.clock:
            case.due_on = timezone.localdate(received) + datetime.timedelta(days=14)
            clocks.append(
                CaseClock(
                    case=case,
                    code=clock,
                    kind="working",
                    started_on=timezone.localdate(received),
                    days=10,
                    due_on=case.due_on,
                    warned_on=case.due_on,
                )
            )
        cases.append(case)
        opinion = Opinion(
            case=case,
            box=box,
            category=category,
            mode=source.choice(["named", "name-hidden"]),
            text="热餐窗口能不能延长到零点半？",
            received_on=timezone.localdate(received),
        )
        opinions.append(opinion)
        if state in ("answered", "closed"):
            sent_on = timezone.localdate(received) + datetime.timedelta(days=source.randrange(20))
            replies.append(
                OpinionReply(
                    opinion=opinion,
                    level=0,
                    text="已经延长。",
                    drafted_by=handlers[place],
                    drafted_at=received,
                    approved_by=staff[0],
                    sent_on=min(sent_on, today),
                )
            )
        if state == "closed" and source.random() < 0.6:
            level = source.choice([2, 3, 4, 5])
            ratings.append(Rating(case=case, level=level, given_at=now, changed_at=now))
    Case.objects.bulk_create(cases)
    Opinion.objects.bulk_create(opinions)
    OpinionReply.objects.bulk_create(replies)
    CaseClock.objects.bulk_create(clocks)
    Rating.objects.bulk_create(ratings)


def measure() -> None:
    """Print what the count of a year, the lists and the dashboards cost."""
    from django.db import connection
    from django.utils import timezone

    from union.opinions.counting import count_year

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    year = timezone.localdate().year
    started = time.perf_counter()
    count_year(year)
    print("count", time.perf_counter() - started)
    count_year(year - 1)
    for name, value in {**_lists(), **_dashboards(year)}.items():
        print(name, value)


def _client(role: str) -> Any:
    from django.test import Client

    from portal.people.models import User

    client = Client()
    client.force_login(User.objects.filter(person__roles__role_code=role).earliest("pk"))
    return client


def _timed(client: Any, address: str) -> float:
    started = time.perf_counter()
    answer = client.get(address)
    b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code == 200, (address, answer.status_code)
    return (time.perf_counter() - started) * 1000


def _lists() -> dict[str, float]:
    asked = (
        *("/cases/", "/cases/?list=all", "/cases/?due=overdue", "/cases/?list=all&page=7"),
        *("/cases/?list=all&state=closed&order=newest", "/cases/?list=all&q=0004"),
    )
    roles = ("union_staff", "union_chair", "opinion_handler")
    times: list[float] = []
    slowest: dict[tuple[str, str], list[float]] = {}
    for role in roles:
        client = _client(role)
        client.get("/cases/")
        for address in itertools.islice(itertools.cycle(asked), ROUNDS // len(roles)):
            taken = _timed(client, address)
            times.append(taken)
            slowest.setdefault((role, address), []).append(taken)
    for key, some in slowest.items():
        print(*key, quantile(some, 0.5), file=sys.stderr)
    return {"lists_median": quantile(times, 0.5), "lists_p95": quantile(times, 0.95)}


def _dashboards(year: int) -> dict[str, float]:
    base = "/participation/handling/figures/"
    asked = (
        *(f"{base}?year={year}", f"{base}?year={year - 1}"),
        *(f"{base}?year={year}&from=2&to=3", f"{base}?year={year - 1}&from=1&to=1"),
    )
    client = _client("union_chair")
    client.get(base)
    times = [_timed(client, address) for address in itertools.islice(itertools.cycle(asked), 100)]
    sheets = [_timed(client, f"{base}sheet/?year={year}") for _round in range(10)]
    return {
        "dashboard_median": quantile(times, 0.5),
        "dashboard_p95": quantile(times, 0.95),
        "sheet": quantile(sheets, 0.5),
    }


def main(arguments: list[str]) -> int:
    """Run one part."""
    django.setup()
    parts: dict[str, Callable[..., None]] = {"fill": fill, "measure": measure}
    parts[arguments[0]](*map(int, arguments[1:]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
