"""Shape of the demo notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.demo.texts import DemoText


@dataclass(frozen=True, kw_only=True)
class NoticeText(DemoText):
    """A notice: `document_number` may be empty, `valid_to` None means until further notice."""

    document_number: str = ""
    valid_from: date
    valid_to: date | None = None
