"""Make proofs from the ledger's tree, and check them without the ledger."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.archives.tree import keys, notes, proofs

SIGNS = {True: "✓", False: "✗", None: "–"}


class Command(BaseCommand):
    """`verify` exits with 1 when anything does not hold, with 2 when no signed head was at hand."""

    help = "Prove that an entry is in the ledger, or that the ledger only grew; check such proofs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read which proof to make or to check."""
        actions = parser.add_subparsers(dest="action", required=True)
        included = actions.add_parser("inclusion", help="an entry is in the ledger")
        included.add_argument("entry", help="number of the entry, or id of a record")
        included.add_argument("--size", type=int, help="entries of the ledger; the newest head's")
        grown = actions.add_parser("consistency", help="the ledger only grew between two sizes")
        grown.add_argument("first", type=int, help="entries of the ledger before")
        grown.add_argument("second", type=int, help="entries of the ledger after")
        for making in (included, grown):
            making.add_argument("--output", type=Path, help="file to write; else the screen")
        checked = actions.add_parser("verify", help="check a proof; asks nothing of the database")
        checked.add_argument("file", type=Path)
        checked.add_argument(
            "--head", type=Path, action="append", default=[], help="a head file; may be repeated"
        )
        checked.add_argument(
            "--public-key",
            action="append",
            default=[],
            help="public key that counts, or a file with it; else the portal's own",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make or check a proof."""
        try:
            if options["action"] == "verify":
                self.verify(options)
                return
            if options["action"] == "inclusion":
                entry = proofs.entry_named(options["entry"])
                proof = proofs.inclusion(entry, options["size"])
            else:
                proof = proofs.consistency(options["first"], options["second"])
        except proofs.ProofError as error:
            raise CommandError(str(error)) from error
        if options["output"] is None:
            self.stdout.write(proofs.as_text(proof), ending="")
            return
        try:
            options["output"].write_text(proofs.as_text(proof), encoding="utf-8")
        except OSError as error:
            raise CommandError(
                _("The file could not be written: %(reason)s") % {"reason": error}
            ) from error
        self.stdout.write(f"{proof['statement']} {options['output']}")

    def verify(self, options: dict[str, Any]) -> None:
        """Check a proof and print each step.

        Raises:
            ProofError: the file is no proof.
        """
        proof = proofs.read(self.text_of(options["file"]))
        given = [self.text_of(path) for path in options["head"]]
        verdict = proofs.check(proof, given, self.trusted(options["public_key"]))
        for step in verdict.steps:
            self.stdout.write(f"{SIGNS[step.holds]} {step.words}")
        if not verdict.holds:
            self.stdout.write(_("The proof does not hold."))
            sys.exit(1)
        if not verdict.anchored:
            self.stdout.write(_("The proof is sound in itself, but no signed head anchors it."))
            sys.exit(2)
        self.stdout.write(_("The proof holds."))

    def text_of(self, path: Path) -> str:
        """Return the text of a file.

        Raises:
            CommandError: it cannot be read.
        """
        try:
            return path.read_bytes().decode()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(
                _("%(file)s cannot be read: %(reason)s") % {"file": path, "reason": error}
            ) from error

    def trusted(self, given: list[str]) -> list[notes.PublicKey]:
        """Return the keys from the command line, each a key or a file with one.

        Raises:
            CommandError: one is no public key.
        """
        if not given:
            return keys.trusted_keys()
        texts = [self.text_of(Path(value)) if Path(value).is_file() else value for value in given]
        try:
            return [notes.PublicKey.parse(text) for text in texts]
        except notes.NoteError as error:
            raise CommandError(_("This is no public key of a ledger.")) from error
