"""Database triggers that keep the ledger append-only."""

from __future__ import annotations

from portal.append_only import AppendOnlyTable, register_append_only

TABLE = "archives_ledgerentry"

LEDGER = register_append_only(
    AppendOnlyTable(TABLE, ("sequence", "entry_hash"), "The ledger is append-only.")
)
install, remove, missing = LEDGER.install, LEDGER.remove, LEDGER.missing
