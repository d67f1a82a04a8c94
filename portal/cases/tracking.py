"""Tracking without an account: a code of 16 digits and the last four of the identity number.

Every failure gets the same answer after the same work. Failures are counted for a code and
for an address and for the whole portal, in the cache only; a locked code can still be opened
by its owner's account and by the office. Nothing of it enters an address or a log.
"""

from __future__ import annotations

import hmac
import unicodedata
from dataclasses import dataclass

from portal.cases.attempts import Attempts
from portal.cases.models import Case
from portal.cases.numbers import new_tracking_code, normalized_code, tracking_digest

TAIL_LENGTH = 4
PURPOSE = "tracking"


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


def find(attempt: Attempt, address: str) -> Case | None:
    """Return the case both parts open; None for every kind of failure, after equal work.

    Args:
        address: of the visitor's machine, counted for an hour and stored nowhere else.
    """
    digest = tracking_digest(attempt.code)
    attempts = Attempts(PURPOSE, digest, address)
    case = Case.objects.filter(tracking_digest=digest).select_related("unit").first()
    expected = case.tracking_tail if case is not None else "----"
    given = attempt.tail if len(attempt.tail) == TAIL_LENGTH else "****"
    matches = hmac.compare_digest(expected.encode(), given.encode())
    if not attempts.wait():
        return None
    if case is not None and matches and not attempts.are_too_many():
        return case
    attempts.count_failure()
    return None
