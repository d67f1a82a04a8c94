"""Shapes of the demo honors."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.texts import DemoText


@dataclass(frozen=True, kw_only=True)
class ModelPostText(DemoText):
    """A model safety post (安全生产模范岗); `year` is the year of the award."""

    post_name: str
    team_name: str
    year: int
    decision_number: str
    accident_free_days: int
    hazards_found: int


@dataclass(frozen=True, kw_only=True)
class MemberText(DemoText):
    """An outstanding member or Party worker; a revoked title says so in summary and body."""

    member_name: str
    position: str
    year: int
    decision_number: str
    revoked: bool = False
    revocation: str = ""
