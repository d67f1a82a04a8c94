"""Workers that die while they send messages, and one that does not.

``python -m tests.faults.messenger ROUNDS`` forks, for every step and round, a worker that kills
itself with SIGKILL at that step of sending one message; in the end a whole worker sends what is
left. E-mail goes to files in DATA_DIR/mail, one for each connection.
"""

from __future__ import annotations

import collections
import datetime
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import django

from tests.faults.worker import dying_after, dying_before

LEASE_SECONDS = 0.6
# Where it dies: owner of the function, its name, and how. The message is out in the last two.
STEPS: dict[str, tuple[str, str, Callable[[Callable[..., Any]], Callable[..., Any]]]] = {
    "after the lease is taken": ("EmailSender", "send", dying_before),
    "before the message is sent": ("EmailSender", "_send", dying_before),
    "after the message is sent": ("EmailSender", "_send", dying_after),
    "before the row is marked": ("leases", "close", dying_before),
}
SENT_BEFORE_DEATH = ("after the message is sent", "before the row is marked")


def fork_worker(step: str | None) -> int:
    """Fork a worker that sends what is due, or dies at a step; return how it ended."""
    child = os.fork()
    if child == 0:
        try:
            from portal import leases
            from portal.notifications import delivery
            from portal.notifications.channels.email import EmailSender

            leases.LEASE = datetime.timedelta(seconds=LEASE_SECONDS)
            if step:
                owner, name, how = STEPS[step]
                target: Any = {"EmailSender": EmailSender, "leases": leases}[owner]
                setattr(target, name, how(getattr(target, name)))
            delivery.Deliverer(leases.worker_name()).work_all()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def main(arguments: list[str]) -> int:
    """Kill workers at every step, then let one finish; print how often each step killed."""
    rounds = int(arguments[0])
    django.setup()
    from django.conf import settings
    from django.db import connections

    from portal.notifications.models import Outbox

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = settings.DATA_DIR / "mail"
    killed: collections.Counter[str] = collections.Counter()
    for _round in range(rounds):
        for step in STEPS:
            connections.close_all()
            killed[step] += fork_worker(step) == -signal.SIGKILL
            time.sleep(LEASE_SECONDS * 1.2)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and Outbox.objects.waiting().exists():
        connections.close_all()
        fork_worker(None)
        time.sleep(LEASE_SECONDS)
    print(json.dumps({"killed": killed}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
