"""Shape of the demo veterans policies (拥军优属)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.demo.texts import DemoText


@dataclass(frozen=True, kw_only=True)
class PolicyText(DemoText):
    """A support standard explained; `valid_to` None means still in force."""

    document_number: str
    effective_from: date
    valid_to: date | None = None
