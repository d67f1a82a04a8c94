"""Read stored files again, copy them to the second store, name and repair damage."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand

from portal.archives.fixity import faults, mirror, repairs, services, strays
from portal.archives.models import FixityFault


class Command(BaseCommand):
    """Exit code 0 when no fault is open, 1 when one is."""

    help = "Read stored files again; exit code 1 when a file is damaged or belongs to no record."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read how much is to be read and the form of the answer."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--all", action="store_true", help="read every file, not only today's share"
        )
        parser.add_argument(
            "--repair", action="store_true", help="put damaged files right where that is possible"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Copy, read, look for strays, repair when asked; say what is open."""
        copied = mirror.mirror_new()
        reading = services.read_share(everything=options["all"])
        faults.note_strays(strays.find())
        repaired = repairs.repair_all() if options["repair"] else 0
        still = [
            {"place": fault.path, "problem": fault.problem, "found": fault.detail}
            for fault in FixityFault.objects.filter(closed_at=None).order_by("path")
        ]
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "read": reading.files,
                        "bytes": reading.size,
                        "copied": copied,
                        "repaired": repaired,
                        "faults": still,
                    },
                    ensure_ascii=False,
                )
            )
        else:
            for fault in still:
                self.stdout.write(f"{fault['place']}: {fault['problem']} {fault['found']}")
            self.stdout.write(
                f"{reading.files} files read, {copied} copied, {repaired} repaired, "
                f"{len(still)} faults open."
            )
        if still:
            sys.exit(1)
