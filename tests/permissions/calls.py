"""How an address is called by the tests of permissions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """One way to call an address: its arguments, a query string, and forms to post."""

    arguments: tuple[Any, ...] = ()
    query: str = ""
    forms: tuple[dict[str, Any], ...] = ({},)
    as_json: bool = False
    keywords: dict[str, Any] = field(default_factory=dict)
