"""Days in addresses."""

from __future__ import annotations

import datetime


class DateConverter:
    """A day as 2026-11-22; anything else is no address of the portal."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> datetime.date:
        """Return the day.

        Raises:
            ValueError: there is no such day.
        """
        return datetime.date.fromisoformat(value)

    def to_url(self, value: datetime.date | str) -> str:
        """Return the day as it stands in the address."""
        return value if isinstance(value, str) else value.isoformat()
