"""Receipts: what proves a record's files to a stranger, without the portal."""
