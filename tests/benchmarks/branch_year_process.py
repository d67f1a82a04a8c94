"""The measured half of the benchmark of the year: 200 branches with 40,000 activities.

``fill BRANCHES ACTIVITIES`` writes them; ``measure`` prints a line ``NAME VALUE`` for each figure.
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

MEMBERS = 20
TOGETHER = 2_000
ROUNDS = 60
YEARS = 2


def fill(branches: int, activities: int) -> None:
    """Write branches with members and activities of two years, every tenth with attendance."""
    from branches.models import Activity, ActivityKind, Attendance
    from tests.factories.branches_members import make_members, make_post, make_term
    from tests.factories.organizations import make_branch
    from tests.factories.people import make_user

    make_user("party_staff")
    source = random.Random(8)
    kinds = [kind.value for kind in ActivityKind][:7]
    today = datetime.date.today()
    rows = []
    for number in range(branches):
        branch = make_branch(f"第{number + 1}党支部", f"Y{number + 1:03d}")
        members = make_members(branch, MEMBERS)
        make_post(branch, members[0].member.person)
        first = datetime.date(today.year - 1, 3, 1)
        make_term(branch, first, first.replace(year=first.year + 3))
        for place in range(activities // branches):
            held_on = today - datetime.timedelta(days=source.randrange(365 * YEARS))
            rows.append(
                Activity(
                    branch=branch,
                    kind=kinds[place % len(kinds)],
                    topic=f"学习和讨论安全生产第{place}次",
                    held_on=held_on,
                    recorded_on=held_on + datetime.timedelta(days=source.randrange(8)),
                    state="reviewed" if place % 10 == 0 else "",
                    host=members[0].member.person,
                    recorder=members[1].member.person,
                    minutes="会议按议程进行。" * 40 if place % 10 == 0 else "",
                )
            )
        if len(rows) >= TOGETHER:
            _write(rows, Attendance)
            rows = []
    _write(rows, Attendance)


def _write(rows: list[Any], attendance: Any) -> None:
    from branches.models import Activity, Membership

    Activity.objects.bulk_create(rows)
    people: dict[int, list[int]] = {}
    for branch, member in Membership.objects.filter(
        branch__in={row.branch_id for row in rows}
    ).values_list("branch", "member"):
        people.setdefault(branch, []).append(member)
    attendance.objects.bulk_create(
        (
            attendance(
                activity=row, person_id=person, has_vote=True, presence="on-time", entered="scan"
            )
            for row in rows
            if row.state
            for person in people[row.branch_id]
        ),
        batch_size=TOGETHER,
    )


def measure() -> None:
    """Print what the year, the indicators and a handbook cost."""
    import io

    import pikepdf
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from branches.handbook.document import handbook_pdf
    from branches.models import LifeRequirement
    from portal.organizations.models import Unit

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = _client()
    kinds = list(LifeRequirement.objects.values_list("kind", flat=True))
    year, panel = reverse("branch_year"), reverse("branch_indicators")
    asked = [f"{year}?kind={kind}" for kind in kinds]
    client.get(asked[0])
    times = [_timed(client, one) for one in itertools.islice(itertools.cycle(asked), ROUNDS)]
    print("year_median", quantile(times, 0.5))
    print("year_p95", quantile(times, 0.95))
    with CaptureQueriesContext(connection) as queries:
        client.get(asked[0])
    print("queries", len(queries))
    client.get(panel)
    panels = [_timed(client, panel) for _round in range(10)]
    print("panel", quantile(panels, 0.5))
    branch = Unit.objects.get(code="Y001")
    handbook_pdf(branch, datetime.date.today().year)
    started = time.perf_counter()
    body = handbook_pdf(branch, datetime.date.today().year)
    seconds = time.perf_counter() - started
    with pikepdf.open(io.BytesIO(body)) as book:
        print("pages", len(book.pages))
        print("handbook", seconds / len(book.pages))


def _client() -> Any:
    from django.test import Client

    from portal.people.models import User

    client = Client()
    client.force_login(User.objects.get(person__roles__role_code="party_staff"))
    return client


def _timed(client: Any, address: str) -> float:
    started = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return (time.perf_counter() - started) * 1000


def main(arguments: list[str]) -> int:
    """Run one part."""
    django.setup()
    parts: dict[str, Callable[..., None]] = {"fill": fill, "measure": measure}
    parts[arguments[0]](*map(int, arguments[1:]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
