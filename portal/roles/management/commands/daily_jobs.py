"""Runs what has to be done once a day."""

from __future__ import annotations

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.roles.daily_jobs import DAILY_JOBS

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Runs every job, also after one that failed; exit code 1 when one did."""

    help = "Run the jobs of the night: roles that begin or end, expired sessions, and others."

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds the names of single jobs."""
        parser.add_argument(
            "jobs", nargs="*", metavar="job", help=f"only these of: {', '.join(DAILY_JOBS)}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs them; raises ``CommandError`` at the end when one failed or is unknown."""
        wanted = options["jobs"] or list(DAILY_JOBS)
        if unknown := sorted(set(wanted) - DAILY_JOBS.keys()):
            raise CommandError(f"There is no job {', '.join(unknown)}.")
        failed = []
        for code in wanted:
            try:
                self.stdout.write(f"{code}: {DAILY_JOBS[code].run()}")
            except Exception:
                # One job that fails must not keep the others from running.
                logger.exception("The daily job %s failed.", code)
                failed.append(code)
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}. See the log.")
