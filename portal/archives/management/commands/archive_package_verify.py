"""Check sealed packages outside of the store, part by part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.archives.packages import certificates, verification
from portal.archives.packages.refusals import NotSealed


class Command(BaseCommand):
    """Name every damaged part; the exit status is 1 when there is one."""

    help = "Check sealed packages: signature, pages, embedded files and the ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read which files."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--no-ledger",
            action="store_true",
            help="judge the file alone, without the ledger of this portal",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check one file after the other.

        Raises:
            CommandError: a file cannot be read, or a package is damaged.
        """
        try:
            authorities = certificates.trusted_authorities()
        except NotSealed as error:
            self.stderr.write(str(error))
            authorities = []
        damaged = 0
        for name in options["files"]:
            try:
                body = Path(name).read_bytes()
            except OSError as error:
                raise CommandError(f"{name}: {error.strerror}") from error
            report = verification.verify(
                body, authorities=authorities, against_ledger=not options["no_ledger"]
            )
            damaged += not report.is_good
            self.stdout.write(name)
            for finding in report.findings:
                self.stdout.write(f"  {finding.verdict:8}{finding.name}  {finding.detail}".rstrip())
        if damaged:
            raise CommandError(_("%(count)d packages are damaged.") % {"count": damaged})
