"""Prove that every uploaded file is where the database says, byte by byte."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand

from portal.archives.recovery.proving import upload_faults


class Command(BaseCommand):
    """Exit code 0 when all fits, 1 when anything is wrong."""

    help = "Read every file of the library and every private file; exit code 1 when one is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the form of the answer."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk everything and print what is wrong."""
        files, faults = 0, []
        for fault in upload_faults():
            files += 1
            if fault is None:
                continue
            faults.append(fault)
            if not options["json"]:
                self.stdout.write(f"{fault['place']}: {fault['problem']}")
        if options["json"]:
            self.stdout.write(json.dumps({"files": files, "faults": faults}, ensure_ascii=False))
        else:
            self.stdout.write(f"{files} files, {len(faults)} faults.")
        if faults:
            sys.exit(1)
