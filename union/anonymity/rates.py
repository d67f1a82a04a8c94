"""How much may come in an hour, without knowing from whom.

A computer is counted under a name that is good for one hour and can be worked out by nobody
afterwards. More than a few an hour from one computer are asked to come later; more than many from
everybody are not refused but looked at first (隔离待核).
"""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal

HOUR = 3600


class TooMany(Refusal):
    """Too much came from one computer within the hour."""

    status = 422
    title = _("Please wait a little")


def _add(key: str) -> int:
    cache.add(key, 0, HOUR)
    try:
        return int(cache.incr(key))
    except ValueError:
        return 1


def refuse_too_many(bucket: str) -> None:
    """Refuse what comes from a computer that sent enough in this hour.

    Raises:
        TooMany: with the remedy.
    """
    if bucket and int(cache.get(f"opinions-of:{bucket}", 0)) >= settings.OPINION_PER_COMPUTER:
        raise TooMany(
            _(
                "Several opinions came from this computer within the hour. Please send this one"
                " later or from another device. What you typed is still here."
            )
        )


def count(bucket: str) -> bool:
    """Count what was sent; return whether it goes into quarantine."""
    if bucket:
        _add(f"opinions-of:{bucket}")
    hour = int(time.time()) // HOUR
    return _add(f"opinions-of-all:{hour}") > settings.OPINION_PER_HOUR
