"""The mistake that the kill test exists for, made on purpose.

With `PORTAL_FAULT_MUTATION=capture-after-commit` the killed publishers capture where a hook after
the commit would: the page is live first, its record follows in a transaction of its own. Nothing
but the fault tests reads the variable.
"""

from __future__ import annotations

import os
import time
from typing import Any

VARIABLE = "PORTAL_FAULT_MUTATION"
CAPTURE_AFTER_COMMIT = "capture-after-commit"
# Seconds that such a hook waits for its turn, so long that a few dozen kills are enough to hit it.
PAUSE = 0.15


def apply_mutation() -> None:
    """Break this process as the variable says; without it nothing happens.

    Raises:
        ValueError: the variable names no mutation.
    """
    name = os.environ.get(VARIABLE)
    if name == CAPTURE_AFTER_COMMIT:
        _capture_after_commit()
    elif name:
        raise ValueError(f"{VARIABLE}={name} is no mutation.")


def _capture_after_commit() -> None:
    from django.db import transaction

    from portal.archives import queue
    from portal.publishing.database import CaptureBeforeCommit

    def commit(connection: Any) -> None:
        def capture() -> None:
            time.sleep(PAUSE)
            with transaction.atomic(using=connection.alias):
                queue.settle(connection)

        super(CaptureBeforeCommit, connection).commit()  # type: ignore[misc]
        if queue.waiting(connection.alias):
            connection.run_on_commit.append((set(), capture, False))

    CaptureBeforeCommit.commit = commit  # type: ignore[method-assign,assignment]
