"""Prove the archive and name everything that does not fit."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand

from portal.archives.models import LedgerEntry, Record, RecordState
from portal.archives.repairs import all_repairs
from portal.archives.verification import all_faults

PROGRESS_EVERY = 500


class Command(BaseCommand):
    """Exit code 0 when all fits, 1 when anything is wrong."""

    help = "Check ledger, records and stored files; exit code 1 when something is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the form of the answer."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--repair",
            action="store_true",
            help="first copy lost originals from the library again and retry files that failed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk everything, show progress on standard error, print what is wrong."""
        repairs = self.repair(options) if options["repair"] else []
        total = Record.objects.count()
        faults, checked = [], -1
        for fault in all_faults():
            if fault is not None:
                faults.append(fault)
                if not options["json"]:
                    # At once, so that nothing found is lost should a later check stop.
                    self.stdout.write(f"{fault.place}: {fault.problem}")
                continue
            checked += 1
            if checked and checked % PROGRESS_EVERY == 0:
                self.stderr.write(f"{checked} / {total}")
        entries = LedgerEntry.objects.count()
        destroyed = list(
            Record.objects.filter(state=RecordState.DESTROYED)
            .order_by("archive_code")
            .values_list("archive_code", flat=True)
        )
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "entries": entries,
                        "records": total,
                        "destroyed": destroyed,
                        **({"repairs": repairs} if options["repair"] else {}),
                        "faults": [
                            {"place": fault.place, "problem": fault.problem} for fault in faults
                        ],
                    },
                    ensure_ascii=False,
                )
            )
        else:
            for code in destroyed:
                self.stdout.write(f"{code}: destroyed lawfully.")
            self.stdout.write(f"{entries} ledger entries, {total} records, {len(faults)} faults.")
        if faults:
            sys.exit(1)

    def repair(self, options: dict[str, Any]) -> list[dict[str, str]]:
        """Repair what can be repaired; print each repair at once, or return them for JSON."""
        done = []
        for repair in all_repairs():
            done.append(dataclasses.asdict(repair))
            if not options["json"]:
                self.stdout.write(f"{repair.place}: {repair.done}")
        return done
