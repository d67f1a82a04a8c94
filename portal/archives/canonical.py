"""One way to write a value as bytes, so that its digest means something in thirty years."""

from __future__ import annotations

import datetime
import decimal
import hashlib
import json
import unicodedata
import uuid
from typing import Any


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID | float):
        return str(value)
    return str(value)


def canonical(value: Any) -> str:
    """Return JSON with sorted keys, no spaces, NFC text and no floating point numbers."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical form as 64 hex digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
