"""Destroy again what a restored database copy has brought back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand

from portal.archives.appraisal.replay import replay_tombstones


class Command(BaseCommand):
    """Exit code 0 when all tombstones are in force, 1 when a file is none that counts."""

    help = (
        "After restoring a database copy, before the portal is opened: destroy every record again "
        "that a signed tombstone names. May be run at any time and again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Read where the tombstones lie."""
        parser.add_argument("--folder", type=Path, help="folder of the tombstones; the portal's")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay, and print one line for each tombstone."""
        found = replay_tombstones(options["folder"])
        for one in found:
            self.stdout.write(f"{one.name} {one.code} {one.outcome}".replace("  ", " "))
        refused = [one for one in found if not one.done]
        self.stdout.write(f"{len(found)} tombstones, {len(refused)} refused.")
        if refused:
            sys.exit(1)
