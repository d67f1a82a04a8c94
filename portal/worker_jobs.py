"""Leased work of subjects that the worker does whenever nothing of the archive waits.

An application registers how one piece of its work is done when it is ready. Each call does one
piece and says whether there was one, so several workers share what waits.
"""

from __future__ import annotations

from collections.abc import Callable

WORKER_JOBS: dict[str, Callable[[str], bool]] = {}


def register_worker_job(code: str, work_once: Callable[[str], bool]) -> None:
    """Add a job, once, when its application is ready.

    Args:
        work_once: takes the name of the worker; False when nothing was due.
    """
    WORKER_JOBS[code] = work_once
