"""Names in the ledger that concern levels."""

from __future__ import annotations

ACCESS_LEVEL = "access-level"
# The level of records that were captured before the payload named it.
CAPTURED_LEVEL = "internal"
