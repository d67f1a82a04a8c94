"""Shape of the demo union news (工会之家)."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.texts import DemoText


@dataclass(frozen=True, kw_only=True)
class UnionText(DemoText):
    """Union news; `date` is the day it was held."""
