"""Compiles the message catalogues."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.pages.catalogues import compile_catalogues


class Command(BaseCommand):
    """Compiles every ``.po`` under ``LOCALE_PATHS`` without the GNU gettext programs."""

    help = "Compile the message catalogues (.po to .mo); those that are up to date are left alone."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds ``--force``."""
        parser.add_argument("--force", action="store_true", help="Compile all of them.")

    def handle(self, *args: Any, force: bool = False, **options: Any) -> None:
        """Compiles and names each file written."""
        for path in compile_catalogues(force=force):
            self.stdout.write(f"Compiled {path}")
