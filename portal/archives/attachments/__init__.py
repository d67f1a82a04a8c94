"""Formats of record files by their content, and copies of office documents that last."""
