"""Make a backup of the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError

from portal.archives.recovery.backup import make_backup
from portal.archives.recovery.refusals import RecoveryFailed


class Command(BaseCommand):
    """Exit code 1 when nothing was made."""

    help = (
        "Copy the database as of now, stored and uploaded files and the signed heads into a folder"
        " on another medium. Keys are not in it; keep them apart."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Read where backups lie."""
        parser.add_argument("target", type=Path, help="folder of the backups; they share files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and print what it holds."""
        try:
            folder, contents = make_backup(options["target"])
        except (RecoveryFailed, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{folder}: {contents.entries} ledger entries, {contents.records} records,"
            f" {contents.objects} files, {contents.bytes} bytes,"
            f" {contents.uploads} uploaded files, {contents.upload_bytes} bytes."
        )
