"""The measured half of the benchmark of signing in: a room full of phones, several web processes.

``room PHONES PROCESSES`` prepares a meeting, lets the phones sign in through the whole portal from
so many processes at once, and prints one line ``NAME VALUE`` for each figure. ``phones`` is one of
these processes: each of its phones reads the code, opens the page, and taps once.
"""

from __future__ import annotations

import datetime
import subprocess
import sys
import time

import django

from tests.benchmarks.cases_process import quantile

MILLISECONDS = 1_000
MODULE = "tests.benchmarks.sign_in_process"


def prepare(phones: int) -> tuple[int, list[int]]:
    """Return a meeting that has begun to take signatures, and the accounts of its members."""
    from tests.factories.activities import make_notified, make_world
    from tests.factories.people import make_user

    world = make_world(full=phones + 2, probationary=0)
    accounts = [make_user(person=person, password=None).pk for person in world.ordinary]
    activity = make_notified(world, starts_in=datetime.timedelta(minutes=10))
    return activity.pk, accounts


def sign_in(activity_id: int, accounts: list[int]) -> None:
    """Sign one account in after the other; print what each took, or ``error`` and the status."""
    from django.test import Client
    from django.urls import reverse

    from branches.activities import codes
    from portal.people.models import User

    # A web process has answered before; what is measured is the room, not the start.
    Client().get(reverse("account_login"))
    print("ready", flush=True)
    sys.stdin.readline()
    for account in accounts:
        phone = Client(raise_request_exception=False)
        phone.force_login(User.objects.get(pk=account))
        began = time.perf_counter()
        code = codes.code_of(activity_id)
        scanned = phone.get(reverse("branch_activity_scan", args=[activity_id, code]))
        address = reverse("branch_activity_sign_in", args=[activity_id])
        opened = phone.get(address)
        tapped = phone.post(address)
        took = (time.perf_counter() - began) * MILLISECONDS
        statuses = (scanned.status_code, opened.status_code, tapped.status_code)
        print("took" if statuses == (302, 200, 302) else f"error-{statuses}", took, flush=True)


def room(phones: int, processes: int) -> None:
    """Let all phones sign in at once; print the figures."""
    from branches.models import Attendance, Presence

    activity_id, accounts = prepare(phones)
    running = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", MODULE, "phones", str(activity_id)),
                *map(str, accounts[number::processes]),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    for one in running:
        assert one.stdout is not None
        assert one.stdin is not None
        while one.stdout.readline().strip() != "ready":
            pass
    began = time.perf_counter()
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    lines = [line.split(" ", 1) for one in running for line in one.communicate()[0].splitlines()]
    seconds = time.perf_counter() - began
    took = [float(line[1]) for line in lines if line[0] == "took" and len(line) == 2]
    present = Attendance.objects.filter(activity=activity_id, presence=Presence.ON_TIME).count()
    print("errors", phones - min(len(took), present))
    print("seconds", seconds)
    print("p95", quantile(took, 0.95) if took else 0)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "phones":
        sign_in(int(sys.argv[2]), [int(key) for key in sys.argv[3:]])
    else:
        room(int(sys.argv[2]), int(sys.argv[3]))
