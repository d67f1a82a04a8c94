"""Limits outside the standards: rows of data with their clause, counted by and changed by two."""

from __future__ import annotations

from veterans.limits.days import (
    APPEAL_DECIDE,
    APPEAL_FILE,
    COMPLAINT,
    FOLLOW_UP,
    last_day,
    limit,
)

__all__ = ["APPEAL_DECIDE", "APPEAL_FILE", "COMPLAINT", "FOLLOW_UP", "last_day", "limit"]
