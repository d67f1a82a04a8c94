"""What the worker looks after every minute, beside what the portal itself has to do.

An application registers its job when it is ready. Every job can run again without harm, finds out
quickly that nothing is to do, and logs nothing of what it works on.
"""

from __future__ import annotations

from collections.abc import Callable

MINUTE_JOBS: dict[str, Callable[[], object]] = {}


def register_minute_job(code: str, run: Callable[[], object]) -> None:
    """Add a job, once, when its application is ready."""
    MINUTE_JOBS[code] = run
