"""What a check says.

Evidence is written in Chinese and never translated: it is part of the inspection report, its
digest is in the ledger, and it must read the same whoever opens it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.archives.models import Outcome

SHOWN_PROBLEMS = 6
LONGEST_EVIDENCE = 1000


@dataclass(frozen=True)
class Finding:
    """Outcome of one check and what was measured.

    Attributes:
        blocking: overrides what the table says of the code, for this finding only.
    """

    outcome: Outcome
    evidence: str
    blocking: bool | None = None


def passed(evidence: str) -> Finding:
    """Everything was as it should be; say what was measured."""
    return Finding(Outcome.PASSED, evidence[:LONGEST_EVIDENCE])


def failed(problems: Iterable[str], *, blocking: bool | None = None) -> Finding:
    """Name what differs, the first few and how many more."""
    found = list(problems)
    words = "；".join(found[:SHOWN_PROBLEMS])
    if len(found) > SHOWN_PROBLEMS:
        words = f"{words}；另有{len(found) - SHOWN_PROBLEMS}处"
    return Finding(Outcome.FAILED, words[:LONGEST_EVIDENCE], blocking)


def not_applicable(reason: str) -> Finding:
    """There is nothing of this kind to check."""
    return Finding(Outcome.NOT_APPLICABLE, reason[:LONGEST_EVIDENCE])


def not_run(reason: str) -> Finding:
    """It could not be checked; this is never a pass."""
    return Finding(Outcome.NOT_RUN, reason[:LONGEST_EVIDENCE])


def judged(problems: Iterable[str], measured: str) -> Finding:
    """Return a failure that names the problems, or a pass that says what was measured."""
    found = list(problems)
    return failed(found) if found else passed(measured)
