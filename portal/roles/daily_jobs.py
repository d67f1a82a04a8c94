"""What has to be done once a day, a little after midnight.

An application registers its job when it is ready; `manage.py daily_jobs` runs them all. Every job
can run again without harm, so a day that was missed is made up for by the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class DailyJob:
    """One job: its code, and what does it and returns a line for the log."""

    code: str
    run: Callable[[], str]


DAILY_JOBS: dict[str, DailyJob] = {}


def register_daily_job(code: str, run: Callable[[], str]) -> None:
    """Add a job, once, when its application is ready. Jobs run in the order of registration."""
    DAILY_JOBS[code] = DailyJob(code, run)


def synchronize_roles() -> str:
    """Begin and end roles."""
    from portal.roles.services import synchronize_changed_users

    return f"{synchronize_changed_users()} accounts brought in line with their roles"


def clear_sessions() -> str:
    """Remove sessions that have expired, and with them forgotten text of unfinished forms."""
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    count, _rows = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return f"{count} expired sessions removed"


def register() -> None:
    """Register the jobs of accounts."""
    register_daily_job("roles", synchronize_roles)
    register_daily_job("sessions", clear_sessions)
