"""Bring payloads and files of records into the form that their access level asks for."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand

from portal.archives.access import sealing
from portal.archives.models import SealingTask

BATCH = 100


class Command(BaseCommand):
    """Exit code 0 when nothing waits any more, 1 when something could not be done."""

    help = (
        "Seal or open what the access levels ask for. The worker does the same in small steps;"
        " this does it at once. It may be stopped and started again at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Read how much to do."""
        parser.add_argument("--limit", type=int, default=None, help="so many records at most")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work in batches, show progress on standard error, name what could not be done."""
        done, left = 0, options["limit"]
        while left is None or left > 0:
            before = SealingTask.objects.count()
            done += sealing.work(BATCH if left is None else min(BATCH, left))
            waiting = SealingTask.objects.count()
            left = None if left is None else left - BATCH
            self.stderr.write(f"{done} / {done + waiting}")
            if waiting == 0 or waiting == before:
                break
        self.stdout.write(f"{done} records done, {SealingTask.objects.count()} wait.")
        failed = SealingTask.objects.exclude(last_error="")
        for record_id, error in failed.values_list("record_id", "last_error"):
            self.stdout.write(f"record:{record_id}: {error}")
        if failed.exists():
            sys.exit(1)
