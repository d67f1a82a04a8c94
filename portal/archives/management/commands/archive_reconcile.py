"""Compare what is published with what is recorded."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand

from portal.archives.reconciliation import differences, repair


class Command(BaseCommand):
    """Exit code 0 when every published item is a record and no record is without one."""

    help = "Compare live items with archive records; exit code 1 when they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read what to do with what is found."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--repair", action="store_true", help="write late records, marked as such"
        )
        parser.add_argument("--reason", default="", help="why they are late; shown on the record")
        parser.add_argument(
            "--quick", action="store_true", help="compare presence only, not contents"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, repair when asked, and say what remains."""
        found = list(differences(deep=not options["quick"]))
        repaired = 0
        if options["repair"]:
            from portal.archives.actors import recording_late

            with recording_late(options["reason"]):
                for position, difference in enumerate(found, start=1):
                    repair(difference)
                    repaired += 1
                    if position % 100 == 0:
                        self.stderr.write(f"{position} / {len(found)}")
        remaining = list(differences(deep=not options["quick"])) if repaired else found
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "found": [dataclasses.asdict(difference) for difference in found],
                        "repaired": repaired,
                        "remaining": len(remaining),
                    },
                    ensure_ascii=False,
                )
            )
        else:
            for difference in found:
                self.stdout.write(
                    f"{difference.problem}: {difference.source_kind} {difference.source_id} "
                    f"{difference.title}"
                )
            self.stdout.write(
                f"{len(found)} differences, {repaired} repaired, {len(remaining)} remain."
            )
        if remaining:
            sys.exit(1)
