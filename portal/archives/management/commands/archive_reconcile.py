"""Compare what is published with what is recorded."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand

from portal.archives.reconciliation import Difference, differences, repair

PROGRESS_EVERY = 500


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
        found = self.compare(options)
        repaired = 0
        if options["repair"]:
            from portal.archives.actors import recording_late

            with recording_late(options["reason"]):
                for position, difference in enumerate(found, start=1):
                    repair(difference)
                    repaired += 1
                    if position % 100 == 0:
                        self.stderr.write(f"{position} / {len(found)}")
        remaining = self.compare(options) if repaired else found
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

    def compare(self, options: dict[str, Any]) -> list[Difference]:
        """Return all differences and show on standard error how far the comparison is."""
        return list(differences(deep=not options["quick"], progress=self.show))

    def show(self, position: int, total: int) -> None:
        """Show how far the comparison is, now and then and at its end."""
        if position % PROGRESS_EVERY == 0 or position == total:
            self.stderr.write(f"{position} / {total}")
