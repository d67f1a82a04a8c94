"""What the portal knows of somebody who is nominated or reviewed, from whoever keeps the records.

A subject registers what it can say (组织生活, 隐患 …) and what rules somebody out (处分期内 …).
Whoever judges asks here and knows none of them, so subjects stay apart. What is said names no
number of a person and no reason of a punishment: it is read by those who examine only.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.organizations.models import Unit
    from portal.people.models import Person

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Subject:
    """Who or what is asked about.

    Attributes:
        person: who is nominated, or who answers for a post or a team; None without one.
        unit: the unit of the person, post, team; of a branch the branch.
        branch: the Party branch that assesses; None without one.
        since, until: the time that counts, both days included.
    """

    unit: Unit
    since: datetime.date
    until: datetime.date
    person: Person | None = None
    branch: Unit | None = None
    name: str = ""


@dataclass(frozen=True)
class Evidence:
    """One thing that is known, in words that stand on their own."""

    words: Any
    source: Any = ""
    code: str = ""


@dataclass(frozen=True)
class _Provider:
    code: str
    name: Any
    collect: Callable[[Subject], Iterable[Any]]


@dataclass(frozen=True)
class _Check:
    code: str
    name: Any
    rules_out: Callable[[Subject], str]


@dataclass
class _Registry:
    providers: dict[str, _Provider] = field(default_factory=dict)
    checks: dict[str, _Check] = field(default_factory=dict)


_registry = _Registry()


def register_evidence(code: str, name: Any, collect: Callable[[Subject], Iterable[Any]]) -> None:
    """Add a source of evidence once, when its application is ready; it returns sentences."""
    _registry.providers[code] = _Provider(code, name, collect)


def register_check(code: str, name: Any, rules_out: Callable[[Subject], str]) -> None:
    """Add a check once; it returns why the subject is ruled out, or an empty text."""
    _registry.checks[code] = _Check(code, name, rules_out)


def forget(code: str) -> None:
    """Take a source and a check out again."""
    _registry.providers.pop(code, None)
    _registry.checks.pop(code, None)


def evidence_codes() -> list[tuple[str, Any]]:
    """Return code and name of every source, for forms."""
    return [(row.code, row.name) for row in _registry.providers.values()]


def check_codes() -> list[tuple[str, Any]]:
    """Return code and name of every check, for forms."""
    return [(row.code, row.name) for row in _registry.checks.values()]


def evidence_of(subject: Subject, codes: Iterable[str] | None = None) -> list[Evidence]:
    """Return what is known of a subject, in the order of registration.

    Args:
        codes: of the sources to ask; all without them.

    A source that fails says nothing and is logged: whoever examines sees that it is missing.
    """
    wanted = None if codes is None else set(codes)
    found: list[Evidence] = []
    for row in _registry.providers.values():
        if wanted is not None and row.code not in wanted:
            continue
        try:
            found.extend(Evidence(words, row.name, row.code) for words in row.collect(subject))
        except Exception:
            logger.exception("The evidence %s cannot be read.", row.code)
    return found


def ruled_out(subject: Subject, codes: Iterable[str] | None = None) -> list[Evidence]:
    """Return why a subject is ruled out, one row a check that speaks.

    A check that fails is not taken for a yes: its error goes up, and nothing is decided.
    """
    wanted = None if codes is None else set(codes)
    found = []
    for row in _registry.checks.values():
        if wanted is not None and row.code not in wanted:
            continue
        if words := row.rules_out(subject):
            found.append(Evidence(words, row.name, row.code))
    return found
