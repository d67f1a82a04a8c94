"""The settings of messages, read into their types."""

from __future__ import annotations

from django.conf import settings


def hours() -> tuple[int, int]:
    """Return the hours of the day between which SMS are sent; both 0 for the whole day.

    Raises:
        ValueError: the setting is not of the form 8-21.
    """
    first, _hyphen, last = settings.SMS_HOURS.partition("-")
    span = int(first or 0), int(last or 0)
    if span != (0, 0) and not 0 <= span[0] < span[1] <= 24:
        raise ValueError(f"SMS_HOURS is {settings.SMS_HOURS}.")
    return span


def templates() -> dict[str, str]:
    """Return the gateway's codes of the templates by their names in the portal.

    Raises:
        ValueError: an entry is not of the form name=code.
    """
    found = {}
    for entry in settings.SMS_TEMPLATES:
        name, sign, code = entry.partition("=")
        if not (name and sign and code):
            raise ValueError(f"SMS_TEMPLATES holds “{entry}”.")
        found[name] = code
    return found
