"""Read again what was handed over: every file by digest, against catalogue or METS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.archives.packages.exports.containers import NoContainer
from portal.archives.packages.exports.reading import read_bag


class Command(BaseCommand):
    """Name everything that is wrong; the exit status is 1 when anything is."""

    help = "Check transfer packages and E-ARK packages, as zips or folders."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read which bags."""
        parser.add_argument("bags", nargs="+", metavar="BAG")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check one bag after the other.

        Raises:
            CommandError: something is wrong with one, or it is no such package.
        """
        wrong = 0
        for name in options["bags"]:
            try:
                found = read_bag(Path(name))
            except (NoContainer, OSError) as error:
                raise CommandError(str(error)) from error
            self.stdout.write(
                _("%(name)s: %(files)d files, %(items)d of them item files")
                % {"name": name, "files": len(found.digests), "items": len(found.items)}
            )
            for problem in found.problems:
                self.stdout.write(f"  {problem}")
            wrong += len(found.problems)
        if wrong:
            raise CommandError(_("%(count)d problems were found.") % {"count": wrong})
