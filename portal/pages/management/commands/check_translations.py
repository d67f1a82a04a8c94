"""Checks that nobody who reads Chinese meets English."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.pages.catalogues import (
    catalogue_path,
    displaced_upstream_texts,
    faults_in_own_catalogues,
    missing_project_messages,
    missing_upstream_messages,
)
from portal.pages.message_extraction import Occurrence


class Command(BaseCommand):
    """Lists every text without good Chinese; exit code 1 when there is one."""

    help = (
        "List every message of the portal and of the installed packages that has no Chinese, "
        "and every Chinese text with other placeholders or half-width punctuation."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds ``--write-missing``."""
        parser.add_argument(
            "--write-missing",
            action="store_true",
            help="Add the portal's missing messages to its catalogue, to be filled in.",
        )

    def handle(self, *args: Any, write_missing: bool = False, **options: Any) -> None:
        """Runs the three checks; raises ``CommandError`` after listing all that they found."""
        missing = missing_project_messages()
        if write_missing:
            for path, count in append_missing(missing):
                self.stdout.write(f"{path}: {count} added")
        lines = [
            f"{_relative(occurrence.path)}: {occurrence.message.msgid!r} has no Chinese"
            for occurrence in missing
        ]
        for messages in missing_upstream_messages().values():
            lines += [
                f"{_relative(path)}: {message.msgid!r} has no Chinese"
                for message, path in messages.items()
            ]
        lines += [*displaced_upstream_texts(), *faults_in_own_catalogues()]
        for line in lines:
            self.stdout.write(line)
        if lines:
            raise CommandError(f"{len(lines)} texts need attention.")
        self.stdout.write("Every text has its Chinese.")


def append_missing(occurrences: Iterable[Occurrence]) -> list[tuple[Path, int]]:
    """Adds the messages that have no entry yet to the project's catalogues.

    They go to the end of the file, which leaves the entries of others where they are. Returns
    the files changed with the number of entries added.
    """
    added: list[tuple[Path, int]] = []
    by_path: dict[Path, list[Occurrence]] = {}
    for occurrence in occurrences:
        by_path.setdefault(catalogue_path("project", occurrence.domain), []).append(occurrence)
    for path, found in by_path.items():
        known = {(entry.msgctxt or "", entry.msgid) for entry in polib.pofile(str(path))}
        new = [item for item in found if (item.message.context, item.message.msgid) not in known]
        with path.open("a", encoding="utf-8") as catalogue:
            for item in new:
                catalogue.write(f"\n{_entry(item)}")
        if new:
            added.append((path, len(new)))
    return added


def _entry(occurrence: Occurrence) -> str:
    message = occurrence.message
    entry = polib.POEntry(
        msgid=message.msgid,
        msgctxt=message.context or None,
        occurrences=[(_relative(occurrence.path), "")],
    )
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: ""}
    return str(entry)


def _relative(path: Path) -> str:
    base = Path(settings.BASE_DIR)
    return str(path.relative_to(base)) if path.is_relative_to(base) else str(path)
