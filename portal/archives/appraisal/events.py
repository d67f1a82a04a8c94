"""Names in the ledger that concern appraisal."""

from __future__ import annotations

PLACE_HOLD = "hold"
LIFT_HOLD = "lift-hold"
KEEP_LONGER = "keep-longer"
# Of destruction lists; that of a record is `portal.archives.ledger.DESTROY`.
LIST_PROPOSED = "destruction-proposed"
LIST_RETURNED = "destruction-returned"
LIST_APPROVED = "destruction-approved"
LIST_SIGNED = "destruction-signed"
LIST_WITHDRAWN = "destruction-withdrawn"
