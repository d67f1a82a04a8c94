"""Shape of the demo branch activities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from portal.demo.texts import DemoText

ActivityKind = Literal[
    "general-meeting",
    "committee-meeting",
    "group-meeting",
    "party-class",
    "theme-day",
    "safety-activity",
    "other",
]
"""三会一课 (支部党员大会, 支部委员会会议, 党小组会, 党课), 主题党日, 安全活动, other."""


@dataclass(frozen=True, kw_only=True)
class ActivityText(DemoText):
    """One branch activity; `date` is the day it was held, `host` and `recorder` are names."""

    activity_kind: ActivityKind
    place: str
    host: str
    recorder: str
