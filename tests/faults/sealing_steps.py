"""Packages sealed by processes that die in the middle of it.

``python -m tests.faults.sealing_steps EVERY`` seals the packages that wait. For the first record it
forks, for every EVERY-th statement, a worker that kills itself with SIGKILL in front of that
statement; for the second one that dies in front of every EVERY-th call that writes a file. After
each death it looks for half a package. In the end a whole worker seals what is left. Prints how
many died, what was found and what the dead left in the store.
"""

from __future__ import annotations

import datetime
import json
import os
import signal
import sys
import tempfile
import uuid
from collections.abc import Callable
from typing import Any

import django

from tests.faults.dying import THROUGH, fork

MOST_STATEMENTS = 400
MOST_CALLS = 100
#: What makes, names and keeps a file, by the module that calls it.
WRITES = (
    (tempfile, "mkstemp"),
    (os, "fdopen"),
    (os, "fsync"),
    (os, "chmod"),
    (os, "replace"),
)


class DyingBeforeWrite:
    """Kill the process in front of the n-th call that writes a file."""

    def __init__(self, call: int) -> None:
        self.left = call

    def before(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, in front of which the process may die."""

        def run(*arguments: Any, **keywords: Any) -> Any:
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **keywords)

        return run

    def arm(self) -> None:
        """Stand in front of everything that writes files, in this process only."""
        for owner, name in WRITES:
            setattr(owner, name, self.before(getattr(owner, name)))


def seal_one() -> None:
    """Seal one package that is due, as the worker does."""
    from portal.archives.packages.services import work_once

    work_once("a worker that dies")


def writing_until(call: int) -> Callable[[], None]:
    """Return the sealing of one package that dies at a call that writes a file."""

    def run() -> None:
        DyingBeforeWrite(call).arm()
        seal_one()

    return run


def due(record: uuid.UUID) -> None:
    """Let the lease of a dead worker be over, and only this record be sealed."""
    from django.utils import timezone

    from portal.archives.models import PackageWork

    now = timezone.now()
    PackageWork.objects.update(available_at=now + datetime.timedelta(days=1))
    PackageWork.objects.filter(pk=record).update(
        available_at=now, lease_ends_at=now - datetime.timedelta(seconds=1), attempts=0
    )


def packages_of(record: uuid.UUID) -> int:
    """Return how many layers a record has."""
    from portal.archives.models import SealedPackage

    return SealedPackage.objects.filter(record_id=record).count()


def faults_of(record: uuid.UUID) -> list[str]:
    """Return in words what is half a package of a record, or one too many."""
    from portal.archives import file_access
    from portal.archives.inspection.contents import SEAL
    from portal.archives.models import FileRole, LedgerEntry, RecordFile, SealedPackage
    from portal.archives.packages.verification import verify

    packages = SealedPackage.objects.filter(record_id=record).select_related("file")
    files = RecordFile.objects.filter(record_id=record, role=FileRole.SEALED_PACKAGE)
    entries = LedgerEntry.objects.filter(record_id=record, kind=SEAL)
    numbers = {len(packages), files.count(), entries.count()}
    faults = []
    if len(numbers) > 1:
        faults.append("package, file and entry are not one each")
    if len(packages) > 1:
        faults.append("sealed twice")
    for package in packages:
        damaged = verify(file_access.read(package.file)).damaged
        faults += [f"{found.part} {found.name} is damaged" for found in damaged]
    return faults


def kill_at_each(
    record: uuid.UUID, every: int, most: int, one: Callable[[int], int]
) -> tuple[int, list[str]]:
    """Kill workers at one place after the other until one gets through.

    Args:
        one: forks a worker that dies at a place; returns how it ended.
    """
    killed, faults = 0, []
    for place in range(1, most, every):
        due(record)
        how = one(place)
        faults += [f"at {place}: {fault}" for fault in faults_of(record)]
        if how == THROUGH:
            return killed, faults
        if how != -signal.SIGKILL:
            return killed, [*faults, f"at {place} it ended with {how}"]
        killed += 1
    return killed, [*faults, "none got through"]


def main(arguments: list[str]) -> int:
    """Kill at statements and at writes, then seal what is left; print numbers and faults."""
    every = int(arguments[0])
    django.setup()
    from portal.archives import store
    from portal.archives.fixity import strays
    from portal.archives.models import PackageWork

    # Loaded before the forks, so that each of them need not.
    from portal.archives.packages import services

    first, second, *others = PackageWork.objects.order_by("pk").values_list("pk", flat=True)
    statements, faults = kill_at_each(
        first, every, MOST_STATEMENTS, lambda place: fork(place, seal_one)
    )
    writes, more = kill_at_each(
        second,
        max(every // 4, 1),
        MOST_CALLS,
        lambda place: fork(sys.maxsize, writing_until(place)),
    )
    for record in (first, second, *others):
        due(record)
        while services.work_once("the next worker"):
            pass
        faults += [f"{record} in the end: {fault}" for fault in faults_of(record)]
        if packages_of(record) != 1:
            work = PackageWork.objects.get(pk=record)
            told_why = f"{work.status} {work.reason} {work.last_error}"
            faults.append(f"{record} has {packages_of(record)} packages: {told_why}")
    store.sweep(older_than_seconds=0)
    left = len(strays.find(youngest_seconds=0))
    told = {"statements": statements, "writes": writes, "faults": [*faults, *more], "left": left}
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
