"""What a round is judged by: the rows of its title as they were when it was prepared.

A round keeps them as plain values, so a regulation that changes later judges later rounds only.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from honors.models import Title


@dataclass(frozen=True)
class Criterion:
    """One condition, with its clause and the evidence that speaks for it."""

    text: str
    clause: str
    evidence: str


@dataclass(frozen=True)
class Line:
    """One line of the score card; points at most."""

    name: str
    points: int
    guidance: str


@dataclass(frozen=True)
class Veto:
    """One thing that rules out; `check` is a check of the portal or empty."""

    text: str
    clause: str
    check: str


@dataclass(frozen=True)
class Terms:
    """The terms of a round; see the attributes of `Title` for the numbers."""

    basis: str
    criteria: tuple[Criterion, ...]
    lines: tuple[Line, ...]
    vetoes: tuple[Veto, ...]
    by_self: bool
    by_other: bool
    by_branch: bool
    posthumous: bool
    quota: int
    pass_mark: Decimal | None
    top_share: Decimal | None
    ballot_share: int
    front_line_share: int | None
    notice_days: int

    @property
    def most_points(self) -> int:
        """How many points the whole score card gives."""
        return sum(line.points for line in self.lines)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def frozen_terms(title: Title) -> dict[str, Any]:
    """Return the terms of a title as plain values, for `Round.terms`."""
    return {
        "basis": title.basis,
        "criteria": [[row.text, row.clause, row.evidence] for row in title.criteria.all()],
        "lines": [[row.name, row.points, row.guidance] for row in title.score_lines.all()],
        "vetoes": [[row.text, row.clause, row.check_code] for row in title.vetoes.all()],
        "by_self": title.by_self,
        "by_other": title.by_other,
        "by_branch": title.by_branch,
        "posthumous": title.posthumous,
        "quota": title.quota,
        "pass_mark": _text(title.pass_mark),
        "top_share": _text(title.top_share),
        "ballot_share": title.ballot_share,
        "front_line_share": title.front_line_share,
        "notice_days": title.notice_days,
    }


def terms_of(stored: dict[str, Any]) -> Terms:
    """Return the terms a round stored."""
    return Terms(
        basis=stored["basis"],
        criteria=tuple(Criterion(*row) for row in stored["criteria"]),
        lines=tuple(Line(*row) for row in stored["lines"]),
        vetoes=tuple(Veto(*row) for row in stored["vetoes"]),
        by_self=stored["by_self"],
        by_other=stored["by_other"],
        by_branch=stored["by_branch"],
        posthumous=stored["posthumous"],
        quota=stored["quota"],
        pass_mark=_number(stored["pass_mark"]),
        top_share=_number(stored["top_share"]),
        ballot_share=stored["ballot_share"],
        front_line_share=stored["front_line_share"],
        notice_days=stored["notice_days"],
    )
