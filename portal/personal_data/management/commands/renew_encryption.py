"""Seals all sensitive values under the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.personal_data.encryption import UnreadableValue
from portal.personal_data.rotation import renew


class Command(BaseCommand):
    """Run after a new key was put in front of FIELD_ENCRYPTION_KEYS, before an old one goes."""

    help = (
        "Encrypt every sensitive value under the first key of FIELD_ENCRYPTION_KEYS. Afterwards"
        " the older keys are needed for backups only."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many values were renewed; raises ``CommandError`` at an unreadable one."""
        try:
            counts = renew()
        except UnreadableValue as error:
            raise CommandError(
                f"{error} Put the key that is missing back into FIELD_ENCRYPTION_KEYS."
            ) from error
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count} renewed")
