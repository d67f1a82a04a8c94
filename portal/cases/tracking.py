"""Tracking without an account: a code of 16 digits and the last four of the identity number.

Every failure gets the same answer after the same work. Failures are counted for a code and
for an address and for the whole portal, in the cache only; a locked code can still be opened
by its owner's account and by the office. Nothing of it enters an address or a log.
"""

from __future__ import annotations

import hmac
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from portal.cases.models import Case
from portal.cases.numbers import new_tracking_code, normalized_code, tracking_digest
from portal.personal_data.encryption import blind_index

TAIL_LENGTH = 4


@dataclass(frozen=True)
class Attempt:
    """What somebody typed, in one form."""

    code: str
    tail: str

    @classmethod
    def typed(cls, code: str, tail: str) -> Attempt:
        """Normalise what was typed: full-width digits, spaces, hyphens, a small x."""
        plain = unicodedata.normalize("NFKC", tail).strip().upper()
        return cls(normalized_code(code), plain)


def issue_code(case: Case) -> str:
    """Give a case a new tracking code and return it; it is shown once and stored nowhere."""
    code = new_tracking_code()
    case.tracking_digest = tracking_digest(code)
    return code


@dataclass(frozen=True)
class Limits:
    """How many failures are too many, for a code, a machine and everybody."""

    per_code: int
    per_address: int
    in_all: int
    lock_seconds: int


def limits() -> Limits:
    """Return the limits of the settings; other codes that open something keep them as well."""
    return Limits(
        settings.TRACKING_FAILURES_PER_CODE,
        settings.TRACKING_FAILURES_PER_ADDRESS,
        settings.TRACKING_FAILURES_IN_ALL,
        settings.TRACKING_LOCK_SECONDS,
    )


def count_failure(key: str, seconds: int) -> int:
    """Count one more failure under a key that is forgotten after some seconds."""
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:
        # It ran out between the two; the next failure begins anew.
        return 1


def _bucket(address: str) -> str:
    return f"tracking-address:{blind_index('tracking-address:' + address)[:24]}"


def _code_key(digest: str) -> str:
    return f"tracking-code:{digest[:32]}"


def is_throttled(address: str) -> bool:
    """Whether this address, or the whole portal, has failed too often in the last hour."""
    own = cache.get(_bucket(address), 0)
    everybody = cache.get("tracking-everybody", 0)
    return own >= settings.TRACKING_FAILURES_PER_ADDRESS or (
        everybody >= settings.TRACKING_FAILURES_IN_ALL
    )


def find(attempt: Attempt, address: str) -> Case | None:
    """Return the case both parts open; None for every kind of failure, after equal work.

    Args:
        address: of the visitor's machine, counted for an hour and stored nowhere else.
    """
    digest = tracking_digest(attempt.code)
    case = Case.objects.filter(tracking_digest=digest).select_related("unit").first()
    expected = case.tracking_tail if case is not None else "----"
    given = attempt.tail if len(attempt.tail) == TAIL_LENGTH else "****"
    matches = hmac.compare_digest(expected.encode(), given.encode())
    locked = cache.get(_code_key(digest), 0) >= settings.TRACKING_FAILURES_PER_CODE
    if case is not None and matches and not locked and not is_throttled(address):
        return case
    count_failure(_code_key(digest), settings.TRACKING_LOCK_SECONDS)
    count_failure(_bucket(address), 3600)
    count_failure("tracking-everybody", 3600)
    return None
