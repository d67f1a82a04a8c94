"""Sign the head of the ledger now, or make the tree's table again."""

from __future__ import annotations

import json
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.archives.tree import heads, keys, nodes


class Command(BaseCommand):
    """Exit code 1 when the ledger does not fit the newest head, which then is not covered up."""

    help = "Sign today's head of the ledger, once a day, and write its file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read what to do."""
        parser.add_argument(
            "--rebuild", action="store_true", help="first compute the tree's table from all rows"
        )
        parser.add_argument(
            "--public-key", action="store_true", help="print the public key and sign nothing"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the head unless the day has one; say what there is."""
        if options["public_key"]:
            self.stdout.write(str(keys.public_key()))
            return
        try:
            if options["rebuild"]:
                nodes.rebuild()
            head, made = heads.make()
        except heads.HeadRefused as refused:
            raise CommandError(str(refused)) from refused
        except nodes.BrokenTree as broken:
            raise CommandError(
                _("The ledger is broken at %(place)s; run archive_verify.") % {"place": broken}
            ) from broken
        except OSError as error:
            raise CommandError(
                _("The file of the head could not be written: %(reason)s") % {"reason": error}
            ) from error
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "made": made,
                        "date": head.date.isoformat() if head else None,
                        "size": head.size if head else 0,
                        "root": head.root if head else None,
                        "file": str(heads.folder() / head.file_name) if head else None,
                    },
                    ensure_ascii=False,
                )
            )
        elif head is None:
            self.stdout.write(_("The ledger is empty; there is nothing to sign."))
        else:
            if not made:
                self.stdout.write(_("Today's head was signed before."))
            self.stdout.write(head.note)
            self.stdout.write(str(heads.folder() / head.file_name))
