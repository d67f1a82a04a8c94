"""Prove that a backup can be restored."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError

from portal.archives.recovery import reports
from portal.archives.recovery.backup import newest_backup
from portal.archives.recovery.drill import drill
from portal.archives.recovery.refusals import RecoveryFailed


class Command(BaseCommand):
    """Exit code 0 when everything was proven, 1 when it was not."""

    help = (
        "Restore a backup into an empty place, replay tombstones, verify chain, heads and every"
        " digest there, and sign a report. The running portal is not touched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Read where backups lie, which one is meant, and where it is restored."""
        parser.add_argument("target", type=Path, help="folder of the backups")
        parser.add_argument("--backup", help="name of one; the newest without it")
        parser.add_argument("--place", type=Path, help="empty folder; kept for a look afterwards")

    def handle(self, *args: Any, **options: Any) -> None:
        """Drill, keep the signed report, print what was found."""
        target: Path = options["target"]
        place = options["place"] or Path(tempfile.mkdtemp(prefix="restore-drill-"))
        try:
            backup = target / options["backup"] if options["backup"] else newest_backup(target)
            report = drill(backup, place)
            path = reports.keep(report)
        except (RecoveryFailed, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            if options["place"] is None:
                shutil.rmtree(place, ignore_errors=True)
        for fault in report.faults:
            self.stdout.write(f"{fault['place']}: {fault['problem']}")
        self.stdout.write(
            f"{report.backup}: {report.entries} ledger entries, {report.records} records,"
            f" {report.objects} files, {report.uploads} uploaded files,"
            f" {report.replayed} tombstones, {report.fault_count} faults,"
            f" {report.seconds} s. Report: {path}"
        )
        if not report.passed:
            sys.exit(1)
