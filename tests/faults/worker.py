"""Workers that die at a named step, and one that does not.

``python -m tests.faults.worker ROUNDS`` loads the portal once and forks, for every step and round,
a worker that kills itself with SIGKILL at that step of making a record's files; in the end a whole
worker is forked until nothing is left to do. Leases are short, so that nobody waits.
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

LEASE_SECONDS = 0.6


def die(*args: object, **kwargs: object) -> None:
    """Die as by kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying_before(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that dies instead of running."""
    return die


def dying_after(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that runs and then dies."""

    def run(*args: Any, **kwargs: Any) -> None:
        function(*args, **kwargs)
        die()

    return run


def dying_in_second_call(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that runs once and dies instead of running again."""
    calls = []

    def run(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        return die() if len(calls) > 1 else function(*args, **kwargs)

    return run


# Where it dies: owner of the function, its name, and how.
STEPS: dict[str, tuple[str, str, Callable[[Callable[..., Any]], Callable[..., Any]]]] = {
    "after the lease is taken": ("portal.archives.renders", "make_files", dying_before),
    "before a file is written": ("portal.archives.store", "tempfile.mkstemp", dying_before),
    "a file is written, not on the disk yet": ("portal.archives.store", "os.fsync", dying_before),
    "a file is on the disk without its name": ("portal.archives.store", "os.replace", dying_before),
    "after the first file": ("portal.archives.store", "put", dying_after),
    "between two files": ("portal.archives.store", "put", dying_in_second_call),
    "after all files": ("portal.archives.renders", "make_files", dying_after),
    "before the result is saved": ("portal.archives.renders", "finish", dying_before),
    "between the files' rows and the ledger": (
        "portal.archives.renders",
        "ledger.append",
        dying_before,
    ),
    "after the ledger, before the commit": (
        "portal.archives.renders",
        "ledger.append",
        dying_after,
    ),
    "after the result is saved": ("portal.archives.renders", "finish", dying_after),
}


def arm(step: str) -> None:
    """Let this process die at a step."""
    import importlib

    module, name, how = STEPS[step]
    owner: Any = importlib.import_module(module)
    *path, last = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    setattr(owner, last, how(getattr(owner, last)))


def fork_worker(step: str | None) -> int:
    """Fork a worker that works until nothing is due, or dies at a step; return how it ended."""
    child = os.fork()
    if child == 0:
        try:
            from portal import leases
            from portal.archives import renders

            leases.LEASE = datetime.timedelta(seconds=LEASE_SECONDS)
            if step:
                arm(step)
            renders.work_all()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def main(arguments: list[str]) -> int:
    """Kill workers at every step, then let one finish; print how often each step killed."""
    rounds = int(arguments[0])
    django.setup()
    from django.db import connections

    from portal import leases
    from portal.archives import store
    from portal.archives.models import Render, RenderStatus

    # A record on which workers die again and again is put aside; here that is the test's doing.
    leases.MAX_ATTEMPTS = 1000
    killed: collections.Counter[str] = collections.Counter()
    for _round in range(rounds):
        for step in STEPS:
            connections.close_all()
            killed[step] += fork_worker(step) == -signal.SIGKILL
            time.sleep(LEASE_SECONDS * 1.2)
    deadline = time.monotonic() + 600
    unfinished = [RenderStatus.WAITING, RenderStatus.LEASED]
    while time.monotonic() < deadline and Render.objects.filter(status__in=unfinished).exists():
        connections.close_all()
        fork_worker(None)
        time.sleep(LEASE_SECONDS)
    swept = store.sweep(older_than_seconds=0)
    print(json.dumps({"killed": killed, "swept": swept}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
